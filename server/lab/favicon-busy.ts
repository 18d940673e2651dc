// The tab's icon while cells run. JupyterLab changes it with every cell, and the browser fetches it each time; here it changes back
// only when nothing has run for a moment.
import { ILabStatus, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";

const restMs = 500;

export const faviconBusy: JupyterFrontEndPlugin<void> = {
  id: "cellwright:favicon-busy",
  description: "Shows in the tab's icon that cells run",
  autoStart: true,
  requires: [ILabStatus],
  activate: (_app: JupyterFrontEnd, status: ILabStatus) => {
    let rest: ReturnType<typeof setTimeout> | undefined;
    status.busySignal.connect((_, isBusy) => {
      clearTimeout(rest);
      if (isBusy) show("busy");
      else rest = setTimeout(show, restMs, "idle");
    });
  },
};

function show(state: "busy" | "idle"): void {
  const [next, other] = [linkOf(state), linkOf(state === "busy" ? "idle" : "busy")];
  if (!next || !other || next.rel === "icon") return;
  other.rel = "";
  next.rel = "icon";
  next.replaceWith(next); // Firefox looks at it only when it comes into the page
}

function linkOf(state: "busy" | "idle"): HTMLLinkElement | null {
  return document.querySelector(`link.${state}.favicon`);
}
