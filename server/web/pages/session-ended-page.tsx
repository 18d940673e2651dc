// Shown when the server no longer knows this browser: how to open the session again.
import { Button, PasswordInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { NoticePage } from "../parts/notice-page.tsx";

export function SessionEndedPage() {
  const [token, setToken] = useState("");
  return (
    <NoticePage title="This session has ended">
      <p>
        The server does not know this browser any more: its token was changed, or the cookie ran out. Open the link that{" "}
        <code>cellwright start</code> printed, or paste the token from it.
      </p>
      <form onSubmit={(event) => open(event, token)}>
        <PasswordInput
          label="Start token"
          autoComplete="off"
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
        />
        <Button type="submit" disabled={token.trim() === ""}>
          Open session
        </Button>
      </form>
    </NoticePage>
  );
}

function open(event: FormEvent, token: string): void {
  event.preventDefault();
  const here = new URL(window.location.href);
  here.searchParams.set("token", token.trim());
  window.location.assign(here);
}
