import { useEffect, useRef } from 'preact/hooks';
import type { LoggedOut } from '../state/page-state.js';
import type { Actions } from './actions.js';

export function Login({ state, actions }: { state: LoggedOut; actions: Actions }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    const name = field.current?.value.trim() ?? '';
    if (name !== '' && !state.isBusy) void actions.logIn(name);
    else field.current?.focus();
  };
  return (
    <main class="login">
      <form class="card" onSubmit={submit}>
        <img class="mark" src={new URL('../icon.svg', import.meta.url).href} alt="" width="48" height="48" />
        <h1>Signal</h1>
        <p class="lead">Audio and video calls, from this browser to another.</p>
        <label for="name">Your name</label>
        <input
          id="name"
          ref={field}
          defaultValue={state.name}
          maxLength={64}
          required
          autocomplete="nickname"
          aria-invalid={state.problem !== undefined}
          aria-describedby="login-problem"
        />
        <p id="login-problem" class="problem" role="alert">
          {state.problem}
        </p>
        <button type="submit" class="primary" aria-disabled={state.isBusy}>
          Log in
        </button>
        <p class="hint">Open to everybody: no password is asked for.</p>
      </form>
    </main>
  );
}
