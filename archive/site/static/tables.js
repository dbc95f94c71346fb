// Datasette's filters and editor have no names of their own for those who do not see them.
"use strict";
const NAMES = [
  ["[name^=_filter_column]", "Column to filter by"],
  ["[name^=_filter_op]", "How to compare"],
  ["[name^=_filter_value]", "Value to compare with"],
  ["#sort_by", "Column to sort by"],
  [".sql textarea, .cm-content, .cm-editor textarea, .CodeMirror textarea", "SQL"],
];

function name(root) {
  for (const [selector, words] of NAMES) {
    for (const each of root.querySelectorAll(selector)) {
      each.setAttribute("aria-label", words);
    }
  }
}

name(document);
// The editor is put in later, by a script of Datasette's own.
new MutationObserver(() => name(document)).observe(document.body, { childList: true, subtree: true });
for (const heading of document.querySelectorAll("main h3")) {
  heading.setAttribute("aria-level", "2");
}
