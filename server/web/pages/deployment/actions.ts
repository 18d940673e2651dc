// What is done to a model from its page. Each tells the parts of the page that it concerns to read again.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Deployment, Model, NewDeployment } from "../../../../lib/contract/model.ts";
import type { MonitorRule, NewMonitorRule } from "../../../../lib/contract/monitoring.ts";
import { deleteAt, patchJson, postJson } from "../../parts/api.ts";
import { modelPath } from "../../parts/model-paths.ts";

/** Deploys a build: a new one, or an old one to roll back. */
export function useDeploy(model: string) {
  const again = useReread(model, deploymentKeys);
  return useMutation({
    mutationFn: (wanted: NewDeployment) => postJson<Deployment>(`${modelPath(model)}/deployments`, wanted),
    onSettled: again,
  });
}

export function useScale({ model, id }: Deployment) {
  const again = useReread(model, deploymentKeys);
  return useMutation({
    mutationFn: (replicas: number) => patchJson<Deployment>(`/api/v2/deployments/${id}`, { replicas }),
    onSettled: again,
  });
}

export function useStop({ model, id }: Deployment) {
  const again = useReread(model, deploymentKeys);
  return useMutation({
    mutationFn: () => postJson<Deployment>(`/api/v2/deployments/${id}/stop`, {}),
    onSettled: again,
  });
}

export function useStart({ model, id }: Deployment) {
  const again = useReread(model, deploymentKeys);
  return useMutation({
    mutationFn: () => postJson<Deployment>(`/api/v2/deployments/${id}/start`, {}),
    onSettled: again,
  });
}

export function useDeleteModel({ name }: Model) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => deleteAt(modelPath(name)),
    onSuccess: () => client.invalidateQueries({ queryKey: ["models"] }),
  });
}

export function useAddRule(model: string) {
  const again = useReread(model, ["windows"]);
  return useMutation({
    mutationFn: (rule: NewMonitorRule) => postJson<MonitorRule>(`${modelPath(model)}/rules`, rule),
    onSuccess: again,
  });
}

export function useRemoveRule(model: string) {
  const again = useReread(model, ["windows"]);
  return useMutation({
    mutationFn: ({ id }: MonitorRule) => deleteAt(`${modelPath(model)}/rules/${encodeURIComponent(id)}`),
    onSuccess: again,
  });
}

const deploymentKeys = ["model", "newest-deployment", "deployments", "models"];

function useReread(model: string, keys: readonly string[]) {
  const client = useQueryClient();
  return () =>
    Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: key === "models" ? [key] : [key, model] })));
}
