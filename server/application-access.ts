// Who may open an application: the same guards as for our own pages, sessions of its own, and what a key says of its bearer.
import type { ApplicationAccess } from "./applications/proxy.ts";
import { keyIn } from "./auth/credentials.ts";
import { type HostRules, refuseForeign, refuseForeignUpgrade } from "./auth/foreign-requests.ts";
import { may } from "./auth/principal.ts";
import type { AuthService } from "./auth/service.ts";

export function applicationAccess(auth: AuthService, hostRules: HostRules): ApplicationAccess {
  return {
    guard: (req) => refuseForeign(req, hostRules),
    guardUpgrade: (req) => refuseForeignUpgrade(req, hostRules),
    newSession: auth.newApplicationSession,
    hasSession: auth.hasApplicationSession,
    async keyKind({ authorization }) {
      if (keyIn(authorization) === undefined) return "foreign";
      const principal = await auth.authenticate({ authorization }, 0);
      if (!principal) return "foreign";
      return may(principal, "applications:read") ? "opens" : "ours";
    },
  };
}
