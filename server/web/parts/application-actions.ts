// Start, stop and restart of an application.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Application } from "../../../lib/contract/application.ts";
import { postJson } from "./api.ts";
import { showApplication } from "./application-events.ts";
import { applicationPath } from "./application-queries.ts";
import { notify, notifyFailure } from "./notices.tsx";

export type ApplicationAction = "start" | "stop" | "restart";

export function useApplicationAction(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: ApplicationAction) => postJson<Application>(`${applicationPath(name)}/${action}`, {}),
    onSuccess(application, action) {
      showApplication(client, application);
      notify(done[action](name));
    },
    onError: (error, action) => notifyFailure(`Application ${name}: ${action} was refused`, error),
  });
}

const done: Readonly<Record<ApplicationAction, (name: string) => string>> = {
  start: (name) => `Application ${name} is starting.`,
  stop: (name) => `Application ${name} stopped.`,
  restart: (name) => `Application ${name} is restarting.`,
};

export function isUp({ status }: Pick<Application, "status">): boolean {
  return status !== "stopped" && status !== "failed" && status !== "stopping";
}
