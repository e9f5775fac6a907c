/** How each SDK sends its first event: host and key filled in. */

export interface Snippet {
  id: string
  name: string
  /** What to do before the code: a command, if there is one. */
  install: string | null
  code: string
}

/** Quoted for code of most languages; keys and hosts hold nothing that needs more. */
const quoted = (text: string): string => JSON.stringify(text)

export function snippets(host: string, key: string): Snippet[] {
  const h = quoted(host)
  const k = quoted(key)
  return [
    {
      id: 'curl',
      name: 'curl',
      install: null,
      code: curlLine(host, key, 'hello'),
    },
    {
      id: 'web',
      name: 'JavaScript',
      install: 'npm install posthog-js',
      code: `import posthog from 'posthog-js'

posthog.init(${k}, { api_host: ${h}, person_profiles: 'identified_only' })
posthog.capture('signed up', { plan: 'pro' })`,
    },
    {
      id: 'python',
      name: 'Python',
      install: 'pip install posthog',
      code: `from posthog import Posthog

posthog = Posthog(${k}, host=${h})
posthog.capture("signed up", distinct_id="user-1", properties={"plan": "pro"})
posthog.shutdown()  # at the end of the program: sends what waits`,
    },
    {
      id: 'node',
      name: 'Node.js',
      install: 'npm install posthog-node',
      code: `import { PostHog } from 'posthog-node'

const posthog = new PostHog(${k}, { host: ${h} })
posthog.capture({ distinctId: 'user-1', event: 'signed up', properties: { plan: 'pro' } })
await posthog.shutdown()`,
    },
    {
      id: 'go',
      name: 'Go',
      install: 'go get github.com/posthog/posthog-go',
      code: `client, _ := posthog.NewWithConfig(${k}, posthog.Config{Endpoint: ${h}})
defer client.Close()
client.Enqueue(posthog.Capture{DistinctId: "user-1", Event: "signed up"})`,
    },
    {
      id: 'ruby',
      name: 'Ruby',
      install: 'gem install posthog-ruby',
      code: `require 'posthog'

posthog = PostHog::Client.new(api_key: ${k}, host: ${h})
posthog.capture(distinct_id: 'user-1', event: 'signed up')
posthog.flush`,
    },
    {
      id: 'php',
      name: 'PHP',
      install: 'composer require posthog/posthog-php',
      code: `PostHog\\PostHog::init(${k}, ['host' => ${h}]);
PostHog\\PostHog::capture(['distinctId' => 'user-1', 'event' => 'signed up']);`,
    },
    {
      id: 'ios',
      name: 'iOS',
      install: 'https://github.com/PostHog/posthog-ios as a Swift package',
      code: `let config = PostHogConfig(apiKey: ${k}, host: ${h})
PostHogSDK.shared.setup(config)
PostHogSDK.shared.capture("signed up")`,
    },
    {
      id: 'android',
      name: 'Android',
      install: 'implementation("com.posthog:posthog-android:3.+")',
      code: `val config = PostHogAndroidConfig(apiKey = ${k}, host = ${h})
PostHogAndroid.setup(this, config)
PostHog.capture(event = "signed up")`,
    },
  ]
}

export function curlLine(host: string, key: string, event: string): string {
  const body = JSON.stringify({ api_key: key, event, distinct_id: 'me' })
  return `curl ${host}/i/v0/e/ -H 'Content-Type: application/json' \\\n  -d '${body}'`
}

/** For whoever lets an assistant write the code. */
export function prompt(host: string, key: string): string {
  return `Add product analytics to this project with the PostHog SDK that fits its language. Use the host ${host} and the project key ${key}; the server is Hedgerow, which speaks PostHog's capture API. Call identify with the user's id after they sign in and reset when they sign out, and capture the three or four events that matter most here. Do not send passwords or other secrets as properties.`
}
