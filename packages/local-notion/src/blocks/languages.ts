const names =
  "abap,abc,agda,arduino,ascii art,assembly,bash,basic,bnf,c,c#,c++,clojure,coffeescript,coq,css," +
  "dart,dhall,diff,docker,ebnf,elixir,elm,erlang,f#,flow,fortran,gherkin,glsl,go,graphql,groovy," +
  "haskell,hcl,html,idris,java,javascript,json,julia,kotlin,latex,less,lisp,livescript,llvm ir," +
  "lua,makefile,markdown,markup,matlab,mathematica,mermaid,nix,notion formula,objective-c,ocaml," +
  "pascal,perl,php,plain text,powershell,prolog,protobuf,purescript,python,r,racket,reason,ruby," +
  "rust,sass,scala,scheme,scss,shell,smalltalk,solidity,sql,swift,toml,typescript,vb.net,verilog," +
  "vhdl,visual basic,webassembly,xml,yaml,java/c/c++/c#";

/** The languages a code block may name. */
export const languages: readonly string[] = names.split(",");

/** What people write after a fence for languages that Notion calls otherwise. */
const otherNames: Readonly<Record<string, string>> = {
  cpp: "c++",
  cs: "c#",
  csharp: "c#",
  dockerfile: "docker",
  golang: "go",
  htm: "html",
  js: "javascript",
  jsx: "javascript",
  kt: "kotlin",
  md: "markdown",
  objc: "objective-c",
  plaintext: "plain text",
  proto: "protobuf",
  ps1: "powershell",
  py: "python",
  rb: "ruby",
  rs: "rust",
  sh: "shell",
  text: "plain text",
  tex: "latex",
  ts: "typescript",
  tsx: "typescript",
  txt: "plain text",
  yml: "yaml",
  zsh: "shell",
};

/** The language that a name after a fence means; plain text when it means none. */
export function languageNamed(name: string): string {
  const known = otherNames[name.toLowerCase()] ?? name.toLowerCase();
  return languages.includes(known) ? known : "plain text";
}
