import { type FormEvent, useState } from "react";
import { signIn } from "../api/client";
import { Icon } from "../ui/icon";

/** Shown when the server asks for a token and the sign-in link was not used. */
export function SignIn({ onDone }: { onDone: () => void }) {
  const [failed, setFailed] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get("token") ?? "").trim();
    const ok = token !== "" && (await signIn(token));
    setFailed(!ok);
    if (ok) onDone();
  };
  return (
    <main className="signin">
      <form className="panel" onSubmit={submit}>
        <p className="brand">
          <Icon name="logo" />
          <span>cairn</span>
        </p>
        <h1>Sign in</h1>
        <p className="m2">
          Open the sign-in link that <code>cairn serve</code> printed, or paste its token.
        </p>
        <label>
          <span className="s12 m">Token</span>
          <input name="token" type="password" autoComplete="off" className="field" />
        </label>
        {failed && (
          <p role="alert" className="high">
            The server did not take this token.
          </p>
        )}
        <button type="submit" className="btn p">
          Sign in
        </button>
      </form>
    </main>
  );
}
