import { Modal } from "@mantine/core";
import { keyboard, useBindings, useKeysEnabled } from "./keys";

/** Every key that works on this page, and the switch for single letters. */
export function KeySheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const bindings = useBindings();
  const enabled = useKeysEnabled();
  const chords = bindings.filter((binding) => binding.keys.startsWith("g "));
  const others = bindings.filter((binding) => !binding.keys.startsWith("g "));
  return (
    <Modal.Root opened={open} onClose={onClose} size={600} centered>
      <Modal.Overlay />
      <Modal.Content>
        <div className="kh">
          <Modal.Title>Keys of this page</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>
          <div className="keys">
            {[others, chords].map((group, index) => (
              <dl key={index === 0 ? "page" : "go"}>
                {group.map((binding) => (
                  <div key={binding.keys}>
                    <dt>
                      {binding.keys.split(" ").map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </dt>
                    <dd>{binding.title}</dd>
                  </div>
                ))}
              </dl>
            ))}
          </div>
          <label className="switch">
            <input
              type="checkbox"
              checked={enabled}
              onChange={(event) => keyboard.setEnabled(event.currentTarget.checked)}
            />
            <span>Single-letter keys</span>
          </label>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
