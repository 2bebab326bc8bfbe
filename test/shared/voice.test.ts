import { describe, expect, test } from "vitest";
import { drawnError, lookWith, voiceOf } from "../../shared/voice.ts";

const terminal = { stdout: { isTTY: true }, stderr: { isTTY: true } };
const piped = { stdout: { isTTY: false }, stderr: { isTTY: false } };

describe("the voice of a command line", () => {
  test("its flags stand anywhere, but not behind --", () => {
    expect(voiceOf(["train", "--quiet", "--lr", "1"], {}, piped)).toMatchObject({ quiet: true, json: false });
    expect(voiceOf(["--json", "train"], {}, piped)).toMatchObject({ json: true, verbose: false });
    expect(voiceOf(["predict", "--", "--json"], {}, piped)).toMatchObject({ json: false });
  });

  test("a terminal gets colours, a pipe none, each of the two streams for itself", () => {
    expect(voiceOf([], {}, terminal).colours).toEqual({ messages: true, answers: true });
    expect(voiceOf([], {}, piped).colours).toEqual({ messages: false, answers: false });
    expect(voiceOf([], {}, { ...terminal, stdout: { isTTY: false } }).colours).toEqual({
      messages: true,
      answers: false,
    });
  });

  test("NO_COLOR and a dumb terminal take them away, FORCE_COLOR demands or forbids them whatever else is said", () => {
    const coloured = (environment: Record<string, string>, streams: typeof terminal) =>
      voiceOf([], environment, streams).colours.messages;
    expect(coloured({ NO_COLOR: "1" }, terminal)).toBe(false);
    expect(coloured({ NO_COLOR: "" }, terminal)).toBe(true);
    expect(coloured({ TERM: "dumb" }, terminal)).toBe(false);
    expect(coloured({ FORCE_COLOR: "1", NO_COLOR: "1" }, piped)).toBe(true);
    expect(coloured({ FORCE_COLOR: "0" }, terminal)).toBe(false);
  });

  test("--json takes them away", () => {
    expect(voiceOf(["--json"], { FORCE_COLOR: "1" }, terminal).colours).toEqual({
      messages: false,
      answers: false,
    });
  });
});

test("an error's remedy is drawn apart from what was wrong, and stays as it is without colours", () => {
  const message = "train: expected a\n  do b";
  expect(drawnError(message, lookWith(false))).toBe(message);
  expect(drawnError(message, lookWith(true))).toBe(
    "\u001b[31mtrain: expected a\u001b[39m\n\u001b[33m  do b\u001b[39m",
  );
});
