// What a deployment's replicas print, live. Loaded with its tab, hence a default export.
import { NativeSelect, Paper, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { FailureOf } from "../../../parts/failure.tsx";
import { moment } from "../../../parts/numbers.ts";
import { deploymentsQuery } from "../queries.ts";
import { currentOf, type TabProps } from "../tab-props.ts";
import { LiveLog } from "./live-log.tsx";
import styles from "./logs.module.css";

export default function Logs({ model, newest, search, show }: TabProps) {
  const { data: deployments, error, refetch } = useQuery(deploymentsQuery(model.name));
  const shown = deployments?.find(({ id }) => id === search.deployment) ?? currentOf({ model, newest });
  if (error && !deployments)
    return <FailureOf what="The deployments could not be read" error={error} onRetry={refetch} />;
  if (!deployments) return <Skeleton height={420} />;
  if (!shown) return <Paper className={styles.empty}>Nothing was deployed yet, so nothing was printed.</Paper>;
  return (
    <LiveLog
      key={shown.id}
      path={`/api/v2/deployments/${shown.id}/log`}
      title={`Log of build ${shown.build.slice(0, 7)}`}
      fileName={`${model.name}-${shown.build.slice(0, 7)}.log`}
    >
      {deployments.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label="Deployment"
          value={shown.id}
          data={deployments.map(({ id, build, createdAt, status }) => ({
            value: id,
            label: `build ${build.slice(0, 7)}, ${status}, ${moment(createdAt)}`,
          }))}
          onChange={(event) => show({ deployment: event.currentTarget.value }, { replace: true })}
        />
      )}
    </LiveLog>
  );
}
