// Random operations over a schema, with directives everywhere, for tests of what is answered rather than of what it means.
export class RandomOperations {
  // `graphql`: the module; `schema`: made from an introspection. `argumentsOf(field)`: their text for fields that need some, or
  // undefined for fields to be left out.
  constructor(graphql, random, schema, argumentsOf) {
    Object.assign(this, { graphql, random, schema, argumentsOf });
  }

  // {query, variables}: the variables are booleans; their values may be exchanged for others.
  next(kind) {
    this.aliases = 0;
    this.fragments = [];
    this.variables = {};
    const root = { query: this.schema.getQueryType(), mutation: this.schema.getMutationType(), subscription: this.schema.getSubscriptionType() }[kind];
    const selections = kind === 'subscription' ? `{ ${this.field(this.rootFieldOf(root), 4)} }` : this.selections(root, 4);
    const declared = Object.keys(this.variables).map((name) => `$${name}: Boolean!`).join(', ');
    const query = `${kind} Random${declared && `(${declared})`} ${selections} ${this.fragments.join(' ')}`;
    return { query, variables: this.variables };
  }

  otherVariables(variables) {
    return Object.fromEntries(Object.keys(variables).map((name) => [name, this.random.below(2) === 0]));
  }

  rootFieldOf(type) {
    return this.random.one(this.fieldsOf(type, 4));
  }

  fieldsOf(type, depth) {
    const fits = (field) => this.argumentsOf(field) !== undefined && (depth > 0 || this.graphql.isLeafType(this.graphql.getNamedType(field.type)));
    return Object.values(type.getFields()).filter(fits);
  }

  selections(type, depth) {
    const fields = this.fieldsOf(type, depth);
    const list = Array.from({ length: 1 + this.random.below(4) }, () => this.selection(type, fields, depth));
    return `{ ${list.join(' ')} }`;
  }

  selection(type, fields, depth) {
    const chosen = this.random.below(12);
    if (chosen === 0 || fields.length === 0) return `__typename${this.directives()}`;
    if (chosen === 1 && depth > 0) return `...${this.random.below(2) ? ` on ${type.name}` : ''}${this.directives()} ${this.selections(type, depth - 1)}`;
    if (chosen === 2 && depth > 0) {
      const name = `F${this.fragments.length}`;
      this.fragments.push(''); // its number is taken
      const text = `fragment ${name} on ${type.name} ${this.selections(type, depth - 1)}`;
      this.fragments[Number(name.slice(1))] = text;
      return `...${name}${this.directives()}`;
    }
    return this.field(this.random.one(fields), depth, this.directives());
  }

  field(field, depth, directives = '') {
    const type = this.graphql.getNamedType(field.type);
    const given = this.argumentsOf(field);
    const alias = given !== '' || this.random.below(3) === 0 ? `a${this.aliases++}: ` : '';
    return `${alias}${field.name}${given}${directives}${this.graphql.isLeafType(type) ? '' : ` ${this.selections(type, depth - 1)}`}`;
  }

  directives() {
    const chosen = this.random.below(7);
    if (chosen > 3) return '';
    const value = () => {
      if (this.random.below(2)) return String(this.random.below(2) === 0);
      const name = `v${this.random.below(3)}`;
      this.variables[name] ??= this.random.below(2) === 0;
      return `$${name}`;
    };
    const both = chosen === 0 ? ['skip', 'include'] : [chosen === 1 ? 'include' : 'skip'];
    return both.map((name) => ` @${name}(if: ${value()})`).join('');
  }
}
