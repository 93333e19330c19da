import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from "quickjs-emscripten-core";
import imported from "@jitl/quickjs-wasmfile-release-sync";

const pageBytes = 65_536;
/** What QuickJS is compiled to begin with. */
const initialBytes = 16 * 1024 * 1024;
/** The most that a step may ask for, and room for what is not counted by QuickJS. */
const maximumBytes = (512 + 64) * 1024 * 1024;

// Its types describe its CommonJS form, which has the variant one level deeper than what is imported.
function unwrap(variant: QuickJSSyncVariant | { default: QuickJSSyncVariant }): QuickJSSyncVariant {
  return "default" in variant ? variant.default : variant;
}
const base = unwrap(imported);

let compiled: Promise<WebAssembly.Module> | undefined;

async function compile(): Promise<WebAssembly.Module> {
  const file = import.meta.resolve("@jitl/quickjs-wasmfile-release-sync/wasm");
  return WebAssembly.compile(await readFile(fileURLToPath(file)));
}

/** A QuickJS of its own, and the memory that all of its heap is in. */
export interface QuickJsInstance {
  module: QuickJSWASMModule;
  memory: WebAssembly.Memory;
}

export async function newQuickJs(): Promise<QuickJsInstance> {
  compiled ??= compile();
  const memory = new WebAssembly.Memory({
    initial: initialBytes / pageBytes,
    maximum: maximumBytes / pageBytes,
  });
  const variant = newVariant(base, { wasmModule: await compiled, wasmMemory: memory });
  return { module: await newQuickJSWASMModuleFromVariant(variant), memory };
}
