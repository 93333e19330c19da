/** A formula as a tree. */
export type Expression =
  | { kind: "value"; value: string | number | boolean }
  | { kind: "property"; id: string }
  | { kind: "call"; name: string; args: Expression[] };

interface Token {
  kind: "number" | "string" | "name" | "property" | "mark";
  text: string;
}

const tokenShape =
  /\s+|\/\*[^]*?\*\/|\{\{property:([^}]*)\}\}|(\d+(?:\.\d+)?)|"((?:[^"\\]|\\.)*)"|([A-Za-z_]\w*)|(==|!=|>=|<=|&&|\|\||[-+*/%^()<>=!?:,.[\]])/gy;

/** Operators by how tightly they bind, loosest first, and the functions they stand for. */
const levels: readonly Readonly<Record<string, string>>[] = [
  { "||": "or", or: "or" },
  { "&&": "and", and: "and" },
  { "==": "equal", "!=": "unequal" },
  { ">": "larger", ">=": "largerEq", "<": "smaller", "<=": "smallerEq" },
  { "+": "add", "-": "subtract" },
  { "*": "multiply", "/": "divide", "%": "mod" },
];

/** Reads a formula whose properties are named by id; throws a SyntaxError where it cannot. */
export function parseFormula(source: string): Expression {
  const parser = new Parser(tokenize(source));
  return parser.whole();
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  tokenShape.lastIndex = 0;
  while (tokenShape.lastIndex < source.length) {
    const at = tokenShape.lastIndex;
    const match = tokenShape.exec(source);
    if (!match) throw new SyntaxError(`Unexpected "${source[at]}" in the formula.`);
    const [, property, number, string, name, mark] = match;
    if (property !== undefined)
      tokens.push({ kind: "property", text: decodeURIComponent(property) });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (string !== undefined) tokens.push({ kind: "string", text: unescape(string) });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (mark !== undefined) tokens.push({ kind: "mark", text: mark });
  }
  return tokens;
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, character: string) =>
    character === "n" ? "\n" : character,
  );
}

class Parser {
  readonly #tokens: Token[];
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#conditional();
    if (this.#peek()) throw new SyntaxError(`Unexpected "${this.#peek()?.text}" in the formula.`);
    return expression;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #takes(...texts: string[]): string | undefined {
    const token = this.#peek();
    if (!token || token.kind === "string" || !texts.includes(token.text)) return undefined;
    this.#at += 1;
    return token.text;
  }

  #expect(text: string): void {
    if (this.#takes(text) === undefined) throw new SyntaxError(`The formula lacks a "${text}".`);
  }

  #conditional(): Expression {
    const condition = this.#binary(0);
    if (this.#takes("?") === undefined) return condition;
    const then = this.#conditional();
    this.#expect(":");
    return { kind: "call", name: "if", args: [condition, then, this.#conditional()] };
  }

  #binary(level: number): Expression {
    const operators = levels[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.#takes(...Object.keys(operators));
      if (operator === undefined) return left;
      const name = operators[operator] ?? operator;
      left = { kind: "call", name, args: [left, this.#binary(level + 1)] };
    }
  }

  #unary(): Expression {
    if (this.#takes("-") !== undefined) {
      return { kind: "call", name: "unaryMinus", args: [this.#unary()] };
    }
    if (this.#takes("!", "not") !== undefined) {
      return { kind: "call", name: "not", args: [this.#unary()] };
    }
    const base = this.#postfix();
    if (this.#takes("^") === undefined) return base;
    return { kind: "call", name: "pow", args: [base, this.#unary()] };
  }

  #postfix(): Expression {
    let base = this.#primary();
    while (this.#takes(".") !== undefined) {
      const name = this.#name();
      const args = this.#takes("(") === undefined ? [] : this.#args();
      base = { kind: "call", name, args: [base, ...args] };
    }
    return base;
  }

  #name(): string {
    const token = this.#peek();
    if (token?.kind !== "name") throw new SyntaxError("The formula lacks the name of a function.");
    this.#at += 1;
    return token.text;
  }

  #args(end: ")" | "]" = ")"): Expression[] {
    const args: Expression[] = [];
    if (this.#takes(end) !== undefined) return args;
    do args.push(this.#conditional());
    while (this.#takes(",") !== undefined);
    this.#expect(end);
    return args;
  }

  #primary(): Expression {
    if (this.#takes("(") !== undefined) {
      const inner = this.#conditional();
      this.#expect(")");
      return inner;
    }
    if (this.#takes("[") !== undefined) {
      return { kind: "call", name: "list", args: this.#args("]") };
    }
    const token = this.#peek();
    if (!token) throw new SyntaxError("The formula ends too early.");
    this.#at += 1;
    switch (token.kind) {
      case "number":
        return { kind: "value", value: Number(token.text) };
      case "string":
        return { kind: "value", value: token.text };
      case "property":
        return { kind: "property", id: token.text };
      case "name":
        return this.#named(token.text);
      case "mark":
        throw new SyntaxError(`Unexpected "${token.text}" in the formula.`);
    }
  }

  #named(name: string): Expression {
    if (name === "true" || name === "false") return { kind: "value", value: name === "true" };
    const args = this.#takes("(") === undefined ? [] : this.#args();
    return { kind: "call", name, args };
  }
}
