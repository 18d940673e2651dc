import { describe, expect, test } from "vitest";
import { ownCookies, toApplication, withoutOurCookies } from "../../../server/applications/foreign-headers.ts";

describe("headers between a browser and an application", () => {
  test("lose our cookies and keep all others", () => {
    const cookies = "a=1; cellwright-session-8888=secret; b=x=y; CellWright-application-churn-8888=s";
    expect(withoutOurCookies(cookies)).toBe("a=1; b=x=y");
    expect(withoutOurCookies("cellwright-session-8888=secret")).toBeUndefined();
    expect(withoutOurCookies(undefined)).toBeUndefined();
  });

  test("the application sets no cookie of ours, and none beyond its host", () => {
    const set = ["a=1; Domain=localhost; Path=/", "cellwright-session-8888=forged", " Cellwright-x=1", "b=2; HttpOnly"];
    expect(ownCookies(set)).toEqual(["a=1; Path=/", "b=2; HttpOnly"]);
    expect(ownCookies(undefined)).toBeUndefined();
  });

  test("say where the request came from, whatever the browser claims", () => {
    const headers = {
      host: "churn.localhost:8888",
      authorization: "Bearer ours",
      cookie: "cellwright-session-8888=s",
      forwarded: "for=6.6.6.6",
      "x-forwarded-for": "6.6.6.6",
      "x-forwarded-user": "root",
    };
    toApplication(headers, { address: "127.0.0.1", host: "churn.localhost:8888" }, false);
    expect(headers).toEqual({
      host: "churn.localhost:8888",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "churn.localhost:8888",
      "x-forwarded-port": "8888",
      "x-forwarded-proto": "http",
    });
  });

  test("keep a key that is not ours", () => {
    const headers = { authorization: "Bearer theirs" };
    toApplication(headers, { address: undefined, host: "a.localhost" }, true);
    expect(headers).toMatchObject({ authorization: "Bearer theirs", "x-forwarded-port": "80" });
  });
});
