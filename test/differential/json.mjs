// JSON with the text of its numbers, so that 1.10 is not 1.1.
class NumberText {
  constructor(text) {
    this.text = text;
  }
}

export const parse = (text) => JSON.parse(text, (_name, value, { source }) => (typeof value === 'number' ? new NumberText(source) : value));

// One text for one value; members in their order, numbers as they were.
export function show(value) {
  if (Array.isArray(value)) return `[${value.map(show).join(',')}]`;
  if (value instanceof NumberText) return value.text;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${show(member)}`).join(',')}}`;
}
