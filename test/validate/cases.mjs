// Documents that keep and that break each rule, over one schema. They are also what the random documents are made of.
export const kSchema = `
  schema { query: Query mutation: Mutation subscription: Subscription }
  extend schema @tag(name: "shop")

  "Where something is tagged."
  directive @tag(name: String!) repeatable on SCHEMA | OBJECT | FIELD | FRAGMENT_SPREAD
  directive @once(reason: String, level: Int = 1) on QUERY | MUTATION | FIELD | FRAGMENT_DEFINITION | INLINE_FRAGMENT | VARIABLE_DEFINITION
  directive @onMutation on MUTATION
  directive @onSubscription on SUBSCRIPTION
  directive @needs(this: Int!, that: [Shape!]! = []) on FIELD

  """
  A day, as "text".
  """
  scalar Day @specifiedBy(url: "https://example.com/day")
  scalar Any

  interface Named { name(surname: Boolean): String }
  interface Living implements Named { name(surname: Boolean): String  born: Day  parent: Living }
  interface Priced { price(currency: Currency = EUR): Float! }

  type Dog implements Named & Living @tag(name: "a") @tag(name: "b") {
    name(surname: Boolean): String
    born: Day
    parent: Dog
    barks(loudly: Boolean! = true, times: Int!): Boolean!
    tricks: [String!]!
    owner: Person
    weight: Float
    same: String
    home: Kennel
  }
  type Cat implements Named & Living {
    name(surname: Boolean): String
    born: Day
    parent: Cat
    meows(times: Int): Boolean
    lives: Int!
    owner: Person!
    weight: Int
    same: [String]
    home: Basket
  }
  type Person implements Named { name(surname: Boolean): String pets: [Pet!] friends(first: Int, after: ID): [Person] age: Int }
  type Kennel { width: Int! roof: Roof }
  type Basket { width: Int roof: Roof }
  type Roof { colour: Colour flat: Boolean! }
  type Toy implements Priced { price(currency: Currency = EUR): Float! id: ID! }
  union Pet = | Dog | Cat
  union Thing = Toy | Person
  extend union Thing = Kennel

  enum Colour { RED GREEN "like the sky" BLUE }
  enum Currency { EUR USD @deprecated(reason: "old") }
  extend enum Currency { GBP }

  input Point { x: Float! y: Float! label: String = "here" }
  input Shape { points: [Point!] inside: Shape colours: [Colour] required: Int! withDefault: Int! = 3 grid: [[Int!]] }
  input Choice @oneOf { id: ID name: String point: Point choice: Choice numbers: [Int!] }

  type Arguments {
    int(value: Int): String
    intRequired(value: Int!): String
    intDefault(value: Int! = 7): String
    twoRequired(one: Int!, two: Int!): String
    mixed(one: Int!, two: Int = 0, three: Int!, four: Int = 0): String
    float(value: Float): String
    string(value: String): String
    boolean(value: Boolean): String
    id(value: ID): String
    enum(value: Colour): String
    list(value: [Int]): String
    listRequired(value: [Int!]!): String
    nested(value: [[Int!]!]): String
    point(value: Point): String
    shape(value: Shape): String
    shapes(value: [Shape!]): String
    choice(value: Choice): String
    choices(value: [Choice]): String
    day(value: Day): String
    any(value: Any): String
  }

  type Query {
    dog: Dog
    cat: Cat
    pet: Pet
    pets: [Pet]
    living: Living
    named(id: ID): Named
    thing: Thing
    priced: Priced
    person(id: ID!): Person
    people: [Person!]!
    arguments: Arguments
    number: Int
  }
  type Mutation { rename(id: ID!, name: String = "x"): Person  clear: Boolean }
  type Subscription { dogBorn: Dog petBorn(colour: Colour): Pet count: Int! }
  extend type Query { added: String }
`;

const args = (text) => `{ arguments { ${text} } }`;

export const kCases = {
  ExecutableDefinitions: {
    valid: ['{ number }', 'query Q { dog { name } } fragment F on Dog { name }'],
    invalid: ['{ number } type Added { x: Int }', '{ number } extend type Dog { x: Int } schema { query: Query }', 'directive @d on FIELD { number }', '"a b" scalar New { number } """c""" enum E { A }'],
  },
  UniqueOperationNames: {
    valid: ['query A { number } query B { number }', 'query A { number } mutation B { clear } subscription C { count }', 'query F { ...F } fragment F on Query { number }', '{ number }'],
    invalid: ['query A { number } query A { added }', 'query A { number } mutation A { clear } subscription A { count }', 'query A { number } "again" query A { number }'],
  },
  LoneAnonymousOperation: {
    valid: ['{ number }', 'query { number } fragment F on Query { added }', 'query A { number } query B { number }'],
    invalid: ['{ number } { added }', '{ number } query A { added }', 'query A { number } mutation { clear } subscription { count }', '"one" query { number } "two" query { number }'],
  },
  SubscriptionSingleRootField: {
    valid: ['subscription { count }', 'subscription S { ...F } fragment F on Subscription { dogBorn { name } }', 'subscription { dogBorn { name } ... { dogBorn { weight } } dogBorn { name } }', 'query { number added }', 'subscription { ...A } fragment A on Subscription { ...B } fragment B on Subscription { ...A count }'],
    invalid: ['subscription { count dogBorn { name } }', 'subscription S { count again: count third: count }', 'subscription { ...F count } fragment F on Subscription { dogBorn { name } petBorn { __typename } }', 'subscription { __typename }', 'subscription { count __typename more: count __typename }', 'subscription { ... { __typename ... on Subscription { count } } }', 'subscription { ...F ...G } fragment F on Subscription { count ...G } fragment G on Subscription { ...F other: count __typename }'],
    beyond: ['subscription { count @include(if: true) }', 'subscription ($no: Boolean!) { dogBorn { name } count @skip(if: $no) }', 'subscription { ... @include(if: true) { count } }', 'subscription { ...F @skip(if: false) } fragment F on Subscription { count }', 'subscription { ...F } fragment F on Subscription { count @include(if: true) }'],
  },
  KnownTypeNames: {
    valid: ['query ($a: String, $b: [Shape!]!, $c: __TypeKind) { number }', '{ pet { ... on Dog { name } ...F } } fragment F on Cat { name }'],
    invalid: ['query ($a: Nothing, $b: [[None!]]!) { number }', '{ pet { ... on Fish { name } ...F } } fragment F on Bird { name }', '{ pet { ... on Fish { ... on Dog { nothing } name } } }'],
  },
  FragmentsOnCompositeTypes: {
    valid: ['{ pet { ... on Dog { name } ... on Living { born } ... on Pet { __typename } ... { __typename } } }', '{ living { ...F } } fragment F on Named { name }'],
    invalid: ['{ dog { ...F } } fragment F on Colour { x }', '{ dog { ... on Int { x } } }', 'fragment F on Point { x } { dog { ...F } }', '{ dog { ... on Shape { points { x } } ... on Day { y } } }'],
  },
  VariablesAreInputTypes: {
    valid: ['query ($a: Int, $b: [Colour!]!, $c: Shape = {required: 1}, $d: Day) { number }'],
    invalid: ['query ($a: Dog, $b: [[Pet!]]!, $c: Named) { number }', 'query ($a: Dog = {name: "x"}) { arguments { int(value: $a) } }'],
  },
  ScalarLeafs: {
    valid: ['{ number dog { name tricks } }', '{ __schema { types { name } } __type(name: "Dog") { kind } }'],
    invalid: ['{ dog }', '{ number { x } }', '{ dog { tricks { length } barks(times: 1) { no } } people }', '{ arguments pet living }', '{ number @once { x } dog { name(surname: true) { ... on Dog { name } } } }', '{ __schema }'],
  },
  FieldsOnCorrectType: {
    valid: ['{ dog { __typename name } pet { __typename } named { name __typename } __typename }', '{ dog { alias: name other: owner { pets { ... on Cat { lives } } } } }', '{ __schema { queryType { name fields(includeDeprecated: true) { name } } } }', '{ ... on Fish { anything } }'],
    invalid: ['{ nothing }', '{ dog { nothing { deeper } more(x: 1) } }', '{ pet { name } }', '{ living { tricks } named { born } }', '{ dog { ... on Cat { barks } } ... { no } }', 'fragment F on Dog { __schema { types { name } } meows }', '{ dog { __type(name: "x") { name } } }', 'mutation { __schema { types { name } } rename(id: 1) { name } }', '{ number: nothing }', 'subscription { nothing }'],
  },
  UniqueFragmentNames: {
    valid: ['{ ...A ...B } fragment A on Query { number } fragment B on Query { added }', '{ ... { number } ... { added } }'],
    invalid: ['{ ...A } fragment A on Query { number } fragment A on Query { added }', '{ ...A } fragment A on Query { number } fragment A on Dog { nothing } fragment A on Query { number }'],
  },
  KnownFragmentNames: {
    valid: ['{ ...A } fragment A on Query { number }'],
    invalid: ['{ ...A dog { ...B ... { ...C } } } fragment D on Query { ...E }', 'subscription { ...None }'],
  },
  NoUnusedFragments: {
    valid: ['{ ...A } fragment A on Query { ...B } fragment B on Query { number }', 'query A { ...F } query B { ...G } fragment F on Query { number } fragment G on Query { added }'],
    invalid: ['{ number } fragment A on Query { number }', '{ number } fragment A on Query { ...B } fragment B on Query { ...A }', 'fragment A on Query { number } "described" fragment B on Query { number }', '{ ...A } fragment A on Query { dog { name } } fragment C on Cat { name }'],
  },
  PossibleFragmentSpreads: {
    valid: ['{ dog { ... on Dog { name } ... on Pet { __typename } ... on Living { born } ... on Named { name } } }', '{ pet { ... on Living { born } ... on Named { name } ... on Cat { lives } } }', '{ thing { ... on Priced { price } ... on Named { name } } named { ... on Thing { __typename } ... on Pet { __typename } } }', '{ living { ... on Named { ... on Dog { name } } } }'],
    invalid: ['{ dog { ... on Cat { lives } } }', '{ dog { ...F } } fragment F on Cat { lives }', '{ thing { ... on Dog { name } ... on Pet { __typename } } }', '{ priced { ... on Person { name } ... on Pet { __typename } ...F ... on Living { born } } } fragment F on Named { ... on Dog { name } }', '{ pet { ... on Toy { id } } pets { ...T } } fragment T on Thing { ... on Dog { name } }', '{ ... on Mutation { clear } }'],
  },
  NoFragmentCycles: {
    valid: ['{ ...A ...A } fragment A on Query { ...B ...B } fragment B on Query { number }', '{ dog { ...A } } fragment A on Dog { parent { ...B } } fragment B on Dog { name ...None }'],
    invalid: ['{ ...A } fragment A on Query { ...A }', '{ dog { ...A } } fragment A on Dog { parent { ...A } }', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }', '{ ...A } fragment A on Query { ...B ...C } fragment B on Query { ...A } fragment C on Query { ...A ...C }', 'fragment X on Query { ...Y } fragment Y on Query { ...Z } fragment Z on Query { ...Y number } { ...X }', '{ dog { ...A } } fragment A on Dog { ... on Living { ... on Dog { ...A } } }'],
  },
  UniqueVariableNames: {
    valid: ['query A($x: Int) { number } query B($x: Int) { number }', 'query ($a: Int, $b: Int) { number }'],
    invalid: ['query ($a: Int, $a: Int) { number }', 'query A($a: Int, $b: Int, $ a: String, "again" $a: ID) { number } mutation B($z: Int, $z: Int) { clear }'],
  },
  NoUndefinedVariables: {
    valid: ['query ($a: Int) { arguments { int(value: $a) } }', 'query A($a: Int) { ...F } query B($a: Int) { ...F } fragment F on Query { arguments { int(value: $a) } }', 'query ($a: Boolean!) { number @skip(if: $a) }', 'query ($a: Float!) { arguments { shape(value: {required: 1, points: [{x: $a, y: 1}]}) } }'],
    invalid: [args('int(value: $a)'), 'query Q($b: Int) { ...F } fragment F on Query { ...G } fragment G on Query { arguments { int(value: $a) list(value: [$b, $c]) } }', '{ number @include(if: $yes) }', 'query A($a: Int) { ...F } query B { ...F } query C { number @once(reason: $b) ...F } fragment F on Query { arguments { int(value: $a) } }', args('any(value: {deep: [{er: $x}]}) nothing(here: $y) int(none: [$z])'), 'query @once(reason: $r) { number } '],
  },
  NoUnusedVariables: {
    valid: ['query ($a: Int) { arguments { int(value: $a) } }', 'query ($a: Int) { ...F } fragment F on Query { arguments { list(value: [1, $a]) } }', 'query ($a: String) @once(reason: $a) { number }', '{ number }'],
    invalid: ['query ($a: Int) { number }', 'query A($a: Int, $b: Int = 3 @once) { arguments { int(value: $b) } } fragment F on Query { arguments { int(value: $a) } }', 'query A($a: Int) { ...F } query B($a: Int, "two" $b: Int) { ...F } fragment F on Query { arguments { int(value: $a) } }'],
  },
  KnownDirectives: {
    valid: ['query @once { number @skip(if: true) @tag(name: "x") ... @include(if: false) { added } ...F @tag(name: "y") } fragment F on Query @once { number }', 'mutation @onMutation { clear }', 'query ($a: Int @once) { number }', 'subscription @onSubscription { count }'],
    invalid: ['{ number @nothing }', 'query @skip(if: true) @none(x: 1) { number @onMutation ... @tag(name: "x") { added } ...F @once } fragment F on Query @include(if: true) @none { number }', 'mutation @onSubscription { clear @deprecated }', 'query ($a: Int @tag(name: "x") @none) { number }', 'subscription @once { count @specifiedBy(url: "x") }'],
  },
  UniqueDirectivesPerLocation: {
    valid: ['{ number @tag(name: "a") @tag(name: "b") @once }', '{ number @none @none dog @once { name @once } }'],
    invalid: ['{ number @once @once }', '{ number @once @skip(if: true) @once @skip(if: false) @once }', 'query @once @once { ... @once @once { ...F @tag(name: "x") } } fragment F on Query @once @once { number }', 'query ($a: Int @once @once(level: 2)) { number }'],
  },
  KnownArgumentNames: {
    valid: ['{ dog { barks(loudly: false, times: 2) name(surname: true) } nothing(x: 1) }', '{ number @once(reason: "x", level: 2) @none(y: 1) }', '{ __type(name: "x") { fields(includeDeprecated: true) { name } } }'],
    invalid: ['{ dog { barks(softly: true, times: 1) name(x: 1, y: 2) } }', '{ number(x: 1) @once(why: "x") @skip(unless: true) }', '{ named(id: 1, name: 2) { name(first: true) } __typename(x: 1) __schema(a: 1) { types { name } } }', 'query ($a: Int @once(when: 1)) @once(where: 2) { number }', '{ dog { barks(times: 1, loud: true, loudly: true, louder: {x: $y}) } }'],
  },
  UniqueArgumentNames: {
    valid: [args('twoRequired(one: 1, two: 1)'), '{ a: person(id: 1) { name } b: person(id: 1) { name } number @once(level: 1) }'],
    invalid: [args('int(value: 1, value: 2)'), args('twoRequired(one: 1, two: 1, one: 2, two: 3, one: 4)'), '{ number @once(level: 1, level: 2, reason: "x") nothing(a: 1, a: 2) @none(b: 1, b: 2) }'],
  },
  ValuesOfCorrectType: {
    valid: [
      args('int(value: 2) intRequired(value: -2147483648) float(value: 1) f: float(value: 1.5e10) string(value: "x") s: string(value: """y""") boolean(value: true) id(value: 1) i: id(value: "a") enum(value: RED)'),
      args('int(value: null) list(value: [1, null, 2]) l: list(value: 1) m: list(value: null) nested(value: [[1], [2, 3]]) n: nested(value: 5) listRequired(value: 1)'),
      args('shape(value: {required: 1, points: {x: 1, y: 2.5}, inside: {required: 2, inside: null}, colours: [RED, null], grid: [[1]]}) shapes(value: {required: 1})'),
      args('choice(value: {id: 1}) c: choice(value: {point: {x: 1, y: 2}}) choices(value: [{name: "x"}, null, {choice: {id: "k"}}])'),
      args('day(value: "2020-01-01") d: day(value: {any: [thing, 1, $x]}) any(value: [1, {a: null}]) a: any(value: SOME)'),
      'query ($a: Int = 1, $b: [Shape!] = [{required: 2}], $c: Colour = GREEN, $d: Choice = {id: 2}, $e: Int! = 4) { number }',
      '{ nothing(x: {}) { y(z: 1.5) } arguments { int(none: "x") } }',
    ],
    invalid: [
      args('int(value: "2")'), args('int(value: 1.0)'), args('int(value: 2147483648) a: int(value: -2147483649) b: int(value: 99999999999999999999)'), args('int(value: true) a: int(value: RED) b: int(value: [1]) c: int(value: {x: 1})'),
      args('float(value: "1.5") a: float(value: true) b: float(value: NAN)'), args('string(value: 1) a: string(value: 1.5) b: string(value: true) c: string(value: WORD) d: string(value: ["x"])'),
      args('boolean(value: 1) a: boolean(value: "true") b: boolean(value: TRUE)'), args('id(value: 1.5) a: id(value: true) b: id(value: WORD)'),
      args('enum(value: PINK) a: enum(value: "RED") b: enum(value: 1) c: enum(value: red) d: enum(value: true) e: enum(value: [RED]) f: enum(value: {})'),
      args('list(value: ["x", 1, true, [2]]) a: list(value: "x") listRequired(value: null) b: listRequired(value: [1, null]) nested(value: [null, [null], [["x"]]]) c: nested(value: [1, "x"])'),
      args('intRequired(value: null) twoRequired(one: null, two: "x")'),
      args('point(value: {}) a: point(value: {x: 1}) b: point(value: {x: 1, y: null, z: 3}) c: point(value: 5) d: point(value: [{x: 1, y: 2}]) e: point(value: {x: "1", y: 2, label: 5})'),
      args('shape(value: {points: [{x: 1}, {x: 1, y: 2, z: 3}, 4, null], inside: {colours: [PINK]}, required: 1}) a: shape(value: {required: 1, withDefault: null, grid: [["x"], null, 1, [[2]]]})'),
      args('choice(value: {}) a: choice(value: {id: 1, name: "x"}) b: choice(value: {id: null}) c: choice(value: {none: 1}) d: choice(value: {point: {x: 1}}) e: choices(value: [{}, {name: 5}, {choice: {}}]) f: choice(value: {id: null, name: null})'),
      'query ($a: Int = "x", $b: [Shape!] = [{required: null}, {none: 1}, null], $c: Colour = 1, $d: Choice = {id: 1, name: "x"}, $e: Int! = null, $f: [[Int!]!] = [[null], 2, "x"]) { number }',
      'query ($a: Int = 1 @once(level: "x")) @once(level: 1.5, reason: 5) { number @skip(if: "yes") ... @include(if: null) { added } }',
      '{ dog @needs(this: null, that: {points: []}) { barks(times: "x", loudly: null) } }',
    ],
  },
  ProvidedRequiredArguments: {
    valid: [args('intRequired(value: 1) intDefault mixed(one: 1, three: 3) int'), '{ number @skip(if: true) @once nothing }', '{ __type(name: "x") { name } dog @needs(this: 1) { name } }'],
    invalid: [args('intRequired twoRequired(one: 1) a: twoRequired mixed(two: 2, one: 3)'), '{ number @skip @include(unless: true) person { name } __type { name } }', '{ dog @needs { barks } ... @include { added } ...F @skip @tag } fragment F on Query { number @tag(label: "x") }', 'query @needs { number }'],
  },
  VariablesInAllowedPosition: {
    valid: [
      'query ($a: Int!, $b: Int, $c: [Int], $d: [Int!]!) { arguments { int(value: $a) x: int(value: $b) intRequired(value: $a) list(value: $c) l: list(value: $d) m: list(value: [$b, $a]) listRequired(value: $d) } }',
      'query ($a: Int = 1) { arguments { intRequired(value: $a) intDefault(value: $a) } }', 'query ($a: Int) { arguments { intDefault(value: $a) shape(value: {required: 1, withDefault: $a}) } }',
      'query ($a: Boolean!, $b: Boolean = true) { number @skip(if: $a) @include(if: $b) }', 'query ($s: Shape, $p: [Point!], $c: Choice, $i: ID!) { arguments { shape(value: $s) x: shape(value: {required: 1, points: $p, inside: $s}) choice(value: $c) y: choice(value: {id: $i}) } }',
      'query ($n: [[Int!]!], $e: Colour!) { arguments { nested(value: $n) enum(value: $e) string(value: $undefined) } }', 'query ($u: Unknown) { arguments { int(value: $u) nothing(x: $u) } }',
    ],
    invalid: [
      'query ($a: Int) { arguments { intRequired(value: $a) } }', 'query ($a: Int = null) { arguments { intRequired(value: $a) } }', 'query ($a: String, $b: Float!, $c: [Int]) { arguments { int(value: $a) a: int(value: $b) b: int(value: $c) float(value: $b) c: string(value: $b) } }',
      'query ($a: [Int], $b: [Int]!, $c: Int, $d: [[Int]]) { arguments { listRequired(value: $a) x: listRequired(value: $b) y: listRequired(value: [$c]) list(value: $c) nested(value: $d) z: nested(value: [[$c]]) w: nested(value: $a) } }',
      'query A($a: Int) { ...F } query B($a: String) { ...F } query C($a: Int!) { ...F } fragment F on Query { arguments { intRequired(value: $a) } }', 'query ($a: Boolean) { number @skip(if: $a) ... @include(if: $a) { added } }',
      'query ($c: Choice!, $i: ID, $p: Point = {x: 1, y: 2}, $n: String = "x") { arguments { choice(value: {id: $i}) b: choice(value: {point: $p}) d: choices(value: [{name: $n}, $c, $i]) shape(value: {required: $i, inside: $c}) } }', 'query ($d: Dog) { arguments { int(value: $d) } }', 'query ($a: Int, $b: Int = 2) { arguments { point(value: {x: $a, y: $b}) shape(value: {required: $a, withDefault: $a}) } }',
    ],
    beyond: ['query ($i: ID) { arguments { choices(value: {id: $i}) } }', 'query ($n: String) { arguments { choices(value: [{choice: {name: $n}}]) a: choices(value: {choice: {name: "x"}}) b: choices(value: {name: $n}) } }'],
  },
  OverlappingFieldsCanBeMerged: {
    valid: [
      '{ dog { name name } dog { weight name } }', '{ dog { n: name n: name barks(times: 1) barks(times: 1) } }', '{ pet { ... on Dog { x: barks(times: 1) } ... on Cat { z: lives y: meows } } }', '{ pet { ... on Dog { name(surname: true) } ... on Cat { name(surname: false) } } }',
      '{ pet { ... on Dog { owner { name } } ... on Cat { o: owner { age } } } }', '{ arguments { shape(value: {required: 1, grid: [[1, 2]]}) shape(value: {grid: [[1, 2]], required: 1}) } }', 'query ($v: Int) { arguments { int(value: $v) ... { int(value: $v) } ...F } } fragment F on Arguments { int(value: $v) }',
      '{ ...A ...B } fragment A on Query { dog { ...C } ...B } fragment B on Query { dog { name ...C } ...A } fragment C on Dog { name parent { ...C } }', '{ pet { ... on Dog { home { width roof { colour } } } ... on Cat { h: home { width } } } }', '{ unknown unknown dog { nothing(x: 1) nothing(x: 1) } }', '{ number @skip(if: true) number @include(if: true) }', '{ pet { ... on Dog { x: born } ... on Cat { x: born } } living { ... on Dog { b: name } ... on Cat { b: name } } }',
    ],
    invalid: [
      '{ dog { x: name x: weight } }', '{ dog { name(surname: true) name(surname: false) name } }', '{ dog { barks(times: 1) barks(times: 2) barks(loudly: true, times: 1) } }', '{ x: dog { name } x: cat { name } }', '{ dog { x: name } dog { x: weight } dog { x: tricks } }', '{ dog { a: name owner { x: age } b: weight } dog { a: weight owner { x: name } b: name } }',
      '{ pet { ... on Dog { x: barks(times: 1) } ... on Cat { x: lives } } }', '{ pet { ... on Dog { w: weight } ... on Cat { w: weight } } }', '{ pet { ... on Dog { same } ... on Cat { same } } }', '{ pet { ... on Dog { home { width } } ... on Cat { home { width } } } }', '{ pet { ... on Dog { owner { name } } ... on Cat { owner { name } } } }', '{ pet { ... on Dog { x: parent { y: name } } ... on Cat { x: parent { y: lives } } } }',
      '{ living { n: name ... on Dog { n: tricks } } }', '{ named { name(surname: true) ... on Dog { name } ... on Cat { name(surname: null) } } }', '{ ...A ...B } fragment A on Query { x: number } fragment B on Query { x: added }', '{ x: dog { name } ...A } fragment A on Query { ...B y: added } fragment B on Query { x: cat { name } ...C y: number } fragment C on Query { x: number }',
      '{ dog { ...A ...B } } fragment A on Dog { owner { ...C } } fragment B on Dog { owner { ...D } } fragment C on Person { x: name } fragment D on Person { x: age ...C }', '{ f1: number ...A ...B ...C } fragment A on Query { x: number ...B } fragment B on Query { x: added ...C } fragment C on Query { x: dog { name } f1: added }', '{ arguments { string(value: "a") string(value: "a") ... { string(value: "b") } list(value: [1]) list(value: 1) } }',
      'query ($a: Int, $b: Int) { arguments { int(value: $a) int(value: $b) ... on Arguments { int(value: 1) int } } }', '{ pets { ... on Dog { deep: owner { pets { ... on Dog { x: name } } } } ... on Dog { deep: owner { pets { ... on Dog { x: weight } ... on Cat { x: lives } } } } } }', '{ dog { x: __typename x: name } y: __typename y: number }', '{ number ...F } fragment F on Query { number: added ...F }', '{ unknown: none unknown: other dog { u(x: 1) u(x: 2) } }',
      '{ ... on Fish { x: a } ... on Fish { x: b } ... on Query { x: number } }',
    ],
  },
  UniqueInputFieldNames: {
    valid: [args('point(value: {x: 1, y: 2}) any(value: {a: {a: {a: 1}}, b: [{a: 1}, {a: 2}]})')],
    invalid: [args('point(value: {x: 1, y: 2, x: 3})'), args('any(value: {a: 1, b: {c: 1, c: 2, c: 3}, a: [{d: 1, d: 2}]}) none(x: {y: 1, y: 2})'), 'query ($a: Point = {x: 1, x: 2, y: 3}) @none(v: {z: 1, z: 1}) { number }'],
  },
  Syntax: {
    valid: ['"""doc""" query Q("v" $a: Int) { number } "f" fragment F on Query { number }', '{ number, # comment\n added }', '\uFEFF{ arguments { string(value: "\\u{1F600} \\uD83D\\uDE00 \\n") s: string(value: """block \\""" text""") } }'],
    invalid: ['{ number', '{ }', 'query ($a: Int = $b) { number }', '{ dog() { name } }', '"x" { number }', 'fragment on on Query { number }', '{ arguments { string(value: "\\uD83D") } }', '{ arguments { int(value: 01) } }', '{ arguments { int(value: 1a) } }', 'query ($a: Int @once(level: $b)) { number }', '"x" extend type Dog { y: Int }', '{ ... on }', '{ arguments { string(value: "a\nb") } }', '{ arguments { enum(value: {a}) } }'],
  },
};
