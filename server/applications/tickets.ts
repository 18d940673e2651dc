// One-time tickets: a browser that has a session with us carries one to an application's own origin, where it becomes a session
// with that application. Kept in memory: a ticket lives for seconds.
import { randomBytes } from "node:crypto";

export interface Tickets {
  issue(applicationId: string): string;
  /** True once for each ticket, at its own application, in time. */
  redeem(ticket: string, applicationId: string): boolean;
}

const validMs = 60_000;

export function createTickets(clock: () => number): Tickets {
  const open = new Map<string, { readonly applicationId: string; readonly until: number }>();
  return {
    issue(applicationId) {
      const now = clock();
      for (const [ticket, { until }] of open) if (until <= now) open.delete(ticket);
      const ticket = randomBytes(24).toString("hex");
      open.set(ticket, { applicationId, until: now + validMs });
      return ticket;
    },
    redeem(ticket, applicationId) {
      const found = open.get(ticket);
      open.delete(ticket);
      return found !== undefined && found.applicationId === applicationId && found.until > clock();
    },
  };
}
