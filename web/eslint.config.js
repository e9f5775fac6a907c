import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

// Every value of an event is hostile: text goes to the page through React, never as markup.
const MARKUP = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcdoc']

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'src/api/schema.ts'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  reactHooks.configs.flat.recommended,
  {
    files: ['src/**/*.{ts,tsx}', 'vite.config.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'no-restricted-properties': ['error', ...MARKUP.map((property) => ({ property }))],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'Values of events are hostile: render text, not markup.',
        },
        {
          selector: 'JSXAttribute[name.name="href"] > JSXExpressionContainer',
          message: 'A link may run script: use <Link> or <ExternalLink>, which check the address.',
        },
      ],
      // `const { key, ...rest }` is how a field is left out.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'no-eval': 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  { files: ['**/*.{js,mjs}'], ...tseslint.configs.disableTypeChecked },
)
