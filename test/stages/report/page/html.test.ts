import { describe, expect, it } from "vitest";
import { html, jsonInScript, trusted } from "../../../../stages/report/page/html.ts";

describe("html", () => {
  it("escapes text between tags and within quoted attributes", () => {
    const label = `<img src=x onerror="alert('1')"> & co`;
    expect(html`<b title="${label}">${label}</b>`.text).toBe(
      '<b title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; co">' +
        "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; co</b>",
    );
  });

  it("leaves pieces as they are and joins lists", () => {
    const items = ["a<", "b"].map((name) => html`<b>${name}</b>`);
    expect(html`<p>${items}</p>`.text).toBe("<p><b>a&lt;</b><b>b</b></p>");
    expect(html`${trusted("<svg/>")}`.text).toBe("<svg/>");
  });

  it("leaves nothing of null, undefined and false, but keeps 0", () => {
    expect(html`[${null}${undefined}${false}${0}]`.text).toBe("[0]");
  });

  it("keeps letters of every script", () => {
    expect(html`${"Straße 犬 🐕"}`.text).toBe("Straße 犬 🐕");
  });
});

describe("jsonInScript", () => {
  it("cannot end the script it stands in, and reads back as it was", () => {
    const value = { label: "</script><!-- <script>", line: "\u2028" };
    const { text } = jsonInScript(value);
    expect(text).not.toContain("<");
    expect(JSON.parse(text)).toEqual(value);
  });
});
