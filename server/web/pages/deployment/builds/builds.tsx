// Every build of the model, latest first: what went in and why, and the way back to an older one. Loaded with its tab, hence a
// default export.
import { Button, Paper, Skeleton, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Build, Deployment, Model } from "../../../../../lib/contract/model.ts";
import { Confirm } from "../../../parts/confirm.tsx";
import { CopyButton } from "../../../parts/copy-button.tsx";
import { FailureOf } from "../../../parts/failure.tsx";
import { bytes, counted } from "../../../parts/numbers.ts";
import { State } from "../../../parts/state.tsx";
import { When } from "../../../parts/when.tsx";
import { useDeploy } from "../actions.ts";
import { buildsQuery, deploymentsQuery } from "../queries.ts";
import { currentOf, type TabProps } from "../tab-props.ts";
import { BuildDetails } from "./build-details.tsx";
import styles from "./builds.module.css";

export default function Builds({ model, newest, search, show }: TabProps) {
  const builds = useQuery(buildsQuery(model.name));
  const deployments = useQuery(deploymentsQuery(model.name));
  const [wanted, setWanted] = useState<Build>();
  const { data: found, error, refetch } = builds;
  const current = currentOf({ model, newest });
  const answering = found?.findIndex(({ id }) => id === model.deployment?.build) ?? -1;

  return (
    <section aria-label="Builds" className={styles.builds}>
      {error && <FailureOf what="The builds could not be read" error={error} onRetry={refetch} />}
      {!found && !error && <Skeleton height={240} />}
      {found?.length === 0 && (
        <Paper className={styles.empty}>
          No build yet. Make one from a notebook: <code>cellwright deploy … --name {model.name}</code>
        </Paper>
      )}
      {found?.map((build, index) => (
        <BuildRow
          key={build.id}
          build={build}
          model={model}
          open={search.build === build.id}
          deployed={deployments.data?.find((deployment) => deployment.build === build.id)}
          action={actionOf(build, { answers: index === answering, older: answering >= 0 && index > answering })}
          onToggle={(open) => show({ build: open ? build.id : undefined }, { replace: true })}
          onDeploy={() => setWanted(build)}
        />
      ))}
      {wanted && found && (
        <DeployQuestion
          model={model}
          build={wanted}
          current={current}
          older={answering >= 0 && found.indexOf(wanted) > answering}
          onClose={() => setWanted(undefined)}
        />
      )}
    </section>
  );
}

/** What the button says; undefined where there is nothing to do. */
function actionOf({ id, status }: Build, { answers, older }: { answers: boolean; older: boolean }): string | undefined {
  if (answers || status !== "built") return undefined;
  return `${older ? "Roll back to" : "Deploy"} ${id.slice(0, 7)}`;
}

interface BuildRowProps {
  readonly build: Build;
  readonly model: Model;
  readonly open: boolean;
  /** The latest deployment of this build. */
  readonly deployed: Deployment | undefined;
  readonly action: string | undefined;
  onToggle(open: boolean): void;
  onDeploy(): void;
}

function BuildRow({ build, model, open, deployed, action, onToggle, onDeploy }: BuildRowProps) {
  const { id, createdAt, notebookPath, sizeBytes, comment, cells } = build;
  const Icon = open ? IconChevronDown : IconChevronRight;
  const kept = cells.filter((cell) => cell.kept).length;
  return (
    <Paper component="article" className={styles.build} aria-label={`Build ${id.slice(0, 7)}`}>
      <div className={styles.line}>
        <UnstyledButton className={styles.toggle} aria-expanded={open} onClick={() => onToggle(!open)}>
          <Icon size={16} stroke={1.7} aria-hidden />
          <code>{id.slice(0, 7)}</code>
        </UnstyledButton>
        <CopyButton text={id} label={`Copy build id ${id.slice(0, 7)}`} />
        <BuildState build={build} answers={model.deployment?.build === id} deployed={deployed} />
        <span className={styles.facts}>
          <span>
            built <When time={createdAt} />
          </span>
          <span>
            <code>{build.function}</code> of {notebookPath}
          </span>
          <span>
            {kept} of {counted(cells.length, "cell")}
          </span>
          <span>{bytes(sizeBytes)}</span>
          {comment && <span>{comment}</span>}
        </span>
        {action && (
          <Button className={styles.action} size="compact-sm" variant="default" onClick={onDeploy}>
            {action}
          </Button>
        )}
      </div>
      {open && <BuildDetails build={build} />}
    </Paper>
  );
}

function BuildState({
  build,
  answers,
  deployed,
}: {
  build: Build;
  answers: boolean;
  deployed: Deployment | undefined;
}) {
  if (answers) return <State tone="good" word="answers calls" />;
  if (build.status === "failed") return <State tone="bad" word="failed" />;
  if (build.status === "building") return <State tone="waiting" word="building" />;
  if (!deployed) return <State tone="still" word="never deployed" />;
  if (deployed.status === "failed") return <State tone="bad" word="failed to start" title={deployed.problem} />;
  if (["pending", "deploying"].includes(deployed.status)) return <State tone="waiting" word={deployed.status} />;
  return <State tone="still" word="stopped" />;
}

interface DeployQuestionProps {
  readonly model: Model;
  readonly build: Build;
  readonly current: Deployment | undefined;
  readonly older: boolean;
  onClose(): void;
}

function DeployQuestion({ model, build, current, older, onClose }: DeployQuestionProps) {
  const { mutate, isPending, error } = useDeploy(model.name);
  const short = build.id.slice(0, 7);
  const size = current ? { replicas: current.replicas, memoryMb: current.memoryMb } : {};
  return (
    <Confirm
      title={older ? `Roll ${model.name} back to build ${short}?` : `Deploy build ${short} of ${model.name}?`}
      action={`${older ? "Roll back to" : "Deploy"} ${short}`}
      busy={isPending}
      error={error}
      onClose={onClose}
      onConfirm={() => mutate({ build: build.id, ...size }, { onSuccess: onClose })}
    >
      {model.deployment
        ? `Calls are answered by build ${model.deployment.build.slice(0, 7)} until the replicas of ${short} are ready; none is lost.`
        : "Calls are answered once its replicas are ready."}
    </Confirm>
  );
}
