// What valid means here: the HTML standard and accessibility; style is the templates' own (djlint).
export default {
  root: true,
  extends: ["html-validate:standard", "html-validate:a11y", "html-validate:document"],
  rules: {
    "form-dup-name": "error",
    "no-implicit-button-type": "error",
    "no-inline-style": "error",
    // Titles are the editors': a long one is no mistake of the page.
    "long-title": "off",
    // A wide table's box is a region only so that a keyboard can reach and scroll it; its heading is elsewhere.
    "prefer-native-element": ["error", { exclude: ["region"] }],
    // Our own files come from our own host; anybody else's would need a checksum.
    "require-sri": ["error", { target: "crossorigin" }],
    // Footnotes and headings get their ids from people's words, in any script.
    "valid-id": ["error", { relaxed: true }],
  },
};
