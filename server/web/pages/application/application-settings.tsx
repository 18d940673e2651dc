// What an application is set to.
import type { Application } from "../../../../lib/contract/application.ts";
import card from "../../parts/card.module.css";
import { Card } from "../../parts/card.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import facts from "../../parts/facts.module.css";
import { labHref } from "../../parts/notebooks.ts";

export function ApplicationSettings({ application }: { application: Application }) {
  const { url, file, memoryMb, bypassAuthentication, environment } = application;
  const names = Object.keys(environment);
  return (
    <Card title="What it runs">
      <div className={card.body}>
        <dl className={facts.facts}>
          <dt>Address</dt>
          <dd>
            <code>{url}</code>
            <CopyButton text={url} label="Copy address" />
          </dd>
          <dt>Program</dt>
          <dd>
            <a href={labHref(file)}>{file}</a>
          </dd>
          <dt>Memory</dt>
          <dd>{memoryMb} MB</dd>
          <dt>Who may open it</dt>
          <dd>{bypassAuthentication ? "anyone who reaches this server" : "who is signed in here"}</dd>
          <dt>Environment</dt>
          <dd>{names.length === 0 ? "nothing of its own" : names.map((name) => <code key={name}>{name}</code>)}</dd>
        </dl>
      </div>
    </Card>
  );
}
