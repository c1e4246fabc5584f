// What is different when gateway and handlers are built with the sanitizers (`make asan`): they take longer, and keep what
// was freed. Set by the Makefile.
export const kSanitized = process.env.SANITIZED === 'yes';

// Factor of the time limits.
export const kPatience = kSanitized ? 4 : 1;

// `skip` of a test that measures memory.
export const kWithoutFiguresOfMemory = kSanitized && 'the sanitizers keep what was freed';

// What a sanitizer said in a program's output, or ''.
export function sanitizerReport(output) {
  const begin = output.search(/^.*(ERROR: \w+Sanitizer|runtime error: )/m);
  return begin < 0 ? '' : output.slice(begin);
}
