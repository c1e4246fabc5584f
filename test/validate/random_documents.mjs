// Documents that are nearly right: those of the cases, with pieces exchanged for pieces of others.
const kExchanged = {
  Field: 'selection', FragmentSpread: 'selection', InlineFragment: 'selection', Argument: 'argument', Directive: 'directive',
  IntValue: 'value', FloatValue: 'value', StringValue: 'value', BooleanValue: 'value', NullValue: 'value', EnumValue: 'value',
  ListValue: 'value', ObjectValue: 'value', Variable: 'value', ObjectField: 'member', VariableDefinition: 'variable',
  NamedType: 'type', ListType: 'type', OperationDefinition: 'definition', FragmentDefinition: 'definition',
};

export class RandomDocuments {
  constructor(graphql, random, texts) {
    this.graphql = graphql;
    this.random = random;
    this.pool = {};
    this.documents = texts.flatMap((text) => {
      try {
        return [graphql.parse(text, { noLocation: true })];
      } catch {
        return []; // a case of bad syntax
      }
    });
    for (const document of this.documents) {
      graphql.visit(document, { enter: (node) => { (this.pool[kExchanged[node.kind]] ??= []).push(node); } });
    }
  }

  next() {
    let document = this.random.one(this.documents);
    for (let i = this.random.below(6); i >= 0; --i) document = this.changed(document);
    return this.graphql.print(document);
  }

  // One piece of it exchanged, doubled, dropped or joined by another.
  changed(document) {
    const { random, graphql } = this;
    if (random.below(5) === 0) return { ...document, definitions: [...document.definitions, random.one(this.pool.definition)] };
    const places = [];
    graphql.visit(document, { enter: (node, key, parent) => { if (kExchanged[node.kind] && typeof key !== 'undefined') places.push([node, parent]); } });
    if (places.length === 0) return document;
    const [place] = random.one(places);
    const kind = kExchanged[place.kind];
    const change = random.below(4);
    const kListed = ['selection', 'argument', 'directive', 'member', 'variable', 'definition'];
    let done = false;
    return graphql.visit(document, {
      enter: (node, key, parent) => {
        if (done || node !== place) return undefined;
        done = true;
        const other = random.one(this.pool[kind]);
        if (!Array.isArray(parent) || !kListed.includes(kind) || change === 0) {
          // A name of a fragment's condition can only be a name; a variable's definition holds a plain one.
          if (kind === 'type' && other.kind !== place.kind) return undefined;
          if (kind === 'value' && key === 'variable') return undefined;
          return other;
        }
        if (change === 1 && kind === 'selection') return { kind: 'InlineFragment', directives: [], selectionSet: { kind: 'SelectionSet', selections: [node, other, ...(random.below(2) ? [node] : [])] } };
        if (change === 2 && parent.length > 1) return null;
        return other;
      },
    });
  }
}
