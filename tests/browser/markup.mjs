// html-validate on what the service sent.

import {HtmlValidate} from 'html-validate';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    // The order of search results and titles of sources are nobody's to cut.
    'long-title': 'off',
    // Rendered pages have no indentation to speak of.
    'no-trailing-whitespace': 'off',
    // Checkboxes of one question share a name: each that is ticked is sent under it.
    'form-dup-name': ['error', {shared: ['radio', 'button', 'submit', 'reset', 'checkbox']}],
  },
});

// Errors as sentences.
export async function findMistakes(path, html) {
  const report = await validator.validateString(html, path);
  return report.results.flatMap((result) => result.messages
    .filter((message) => message.severity === 2)
    .map((message) => `${path}: ${message.ruleId} at ${message.line}:${message.column}: ${message.message}`));
}
