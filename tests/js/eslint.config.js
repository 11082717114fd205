// What the page's scripts and their tests are held to. What runs in a page has no globals of node.

import js from "@eslint/js";
import globals from "globals";

const SCRIPTS = "src/keras_profile/output/html/script/**/*.js";
const TESTS = "tests/js/**/*.{js,mjs}";

export default [
  {
    ...js.configs.recommended,
    files: [SCRIPTS, TESTS],
    rules: {
      ...js.configs.recommended.rules,
      eqeqeq: "error",
      "no-var": "error",
      "one-var": ["error", "never"],
      "prefer-const": "error",
      "no-implicit-globals": "error",
      // Control characters are looked for, to be shown and not obeyed.
      "no-control-regex": "off",
      // TypeScript checks them, with the types of comments.
      "no-unused-vars": ["error", { ignoreRestSiblings: true }],
    },
  },
  { files: [SCRIPTS], languageOptions: { globals: globals.browser } },
  { files: [TESTS], languageOptions: { globals: globals.node } },
];
