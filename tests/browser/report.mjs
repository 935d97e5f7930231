// What a run found: one sentence per claim, counted.

let passed = 0;
let failed = 0;

// `problems`: what speaks against the claim; none means that it holds.
export function claim(sentence, problems = []) {
  if (problems.length === 0) {
    passed += 1;
    console.log(`ok      ${sentence}`);
    return true;
  }
  failed += 1;
  console.log(`FAILED  ${sentence}`);
  for (const problem of problems.slice(0, 12)) console.log(`        ${problem}`);
  if (problems.length > 12) console.log(`        … and ${problems.length - 12} more`);
  return false;
}

export function note(sentence) {
  console.log(`        ${sentence}`);
}

// Prints the sum; returns the exit status.
export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}
