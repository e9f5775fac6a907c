// What the browser SDK loads where somebody wants its toolbar, which is not in its package.
// It says so, and forgets the wish: the SDK would ask again on every page.
window.ph_load_toolbar = () => {
  window.localStorage.removeItem('_postHogToolbarParams')
  console.info('There is no toolbar here: this site sends its events to Hedgerow.')
}
