import { useEffect, useRef, useSyncExternalStore } from "react";

/** One key, or a chord of two written `g o`. */
export interface KeyBinding {
  keys: string;
  title: string;
  run: () => void;
  /** Also fires while an input has the focus; for modified keys only. */
  always?: boolean;
}

const CHORD_MS = 1200;
const STORE = "cairn.keys";

/**
 * The bindings in force, latest first, and the switch that turns single-letter
 * keys off. Pages register while they are shown.
 */
class Keyboard {
  private layers: { current: readonly KeyBinding[] }[] = [];
  private listeners = new Set<() => void>();
  private pending: { key: string; at: number } | null = null;
  private snapshot: readonly KeyBinding[] = [];
  enabled = read() !== "off";

  push(layer: { current: readonly KeyBinding[] }): () => void {
    this.layers = [layer, ...this.layers];
    this.changed();
    return () => {
      this.layers = this.layers.filter((other) => other !== layer);
      this.changed();
    };
  }

  changed(): void {
    this.snapshot = this.layers.flatMap((layer) => layer.current);
    for (const listener of this.listeners) listener();
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  current = () => this.snapshot;
  isEnabled = () => this.enabled;

  setEnabled(enabled: boolean): void {
    this.enabled = enabled;
    try {
      localStorage.setItem(STORE, enabled ? "on" : "off");
    } catch {
      // storage may be closed to us; the switch then lasts as long as the page
    }
    for (const listener of this.listeners) listener();
  }

  handle = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const key = keyName(event);
    const typing = isTyping(event.target);
    const modal = document.querySelector('[role="dialog"][aria-modal="true"]') !== null;
    const bindings = this.layers.flatMap((layer) => layer.current);
    const chord =
      this.pending && performance.now() - this.pending.at < CHORD_MS ? `${this.pending.key} ${key}` : null;
    this.pending = null;
    const allowed = (binding: KeyBinding) =>
      binding.always || (!typing && !modal && (this.enabled || binding.keys.length > 1));
    const hit =
      (chord && bindings.find((binding) => binding.keys === chord && allowed(binding))) ||
      bindings.find((binding) => binding.keys === key && allowed(binding));
    if (hit) {
      event.preventDefault();
      hit.run();
      return;
    }
    if (!typing && !modal && this.enabled && bindings.some((binding) => binding.keys.startsWith(`${key} `))) {
      this.pending = { key, at: performance.now() };
    }
  };
}

function read(): string | null {
  try {
    return localStorage.getItem(STORE);
  } catch {
    return null;
  }
}

/** `j`, `Enter`, `Ctrl k`, `Ctrl ArrowUp`; letters carry no Shift, symbols are what they print. */
export function keyName(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  const key = event.key === " " ? "Space" : event.key;
  if (event.altKey) return `Alt ${key}`;
  return event.ctrlKey || event.metaKey ? `Ctrl ${key}` : key;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    !!target.closest(".cm-editor, .CodeMirror")
  );
}

export const keyboard = new Keyboard();

/** Registers bindings while the component is shown. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const layer = useRef(bindings);
  layer.current = bindings;
  useEffect(() => keyboard.push(layer), []);
}

/** The bindings in force, for the sheet of keys. */
export function useBindings(): readonly KeyBinding[] {
  return useSyncExternalStore(keyboard.subscribe, keyboard.current);
}

export function useKeysEnabled(): boolean {
  return useSyncExternalStore(keyboard.subscribe, keyboard.isEnabled);
}
