// The key a request carries in its Authorization header: `Bearer T`, `token T`, or the password of basic authentication.
export function keyIn(authorization: string | undefined): string | undefined {
  const [, scheme = "", value = ""] = /^\s*(\S+)\s+(.+?)\s*$/.exec(authorization ?? "") ?? [];
  switch (scheme.toLowerCase()) {
    case "bearer":
    case "token":
      return value;
    case "basic": {
      const pair = Buffer.from(value, "base64").toString("utf8");
      return pair.slice(pair.indexOf(":") + 1);
    }
    default:
      return undefined;
  }
}
