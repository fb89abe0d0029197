import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/global.css";
import "@mantine/core/styles/UnstyledButton.css";
import "@mantine/core/styles/CloseButton.css";
import "@mantine/core/styles/Paper.css";
import "@mantine/core/styles/Overlay.css";
import "@mantine/core/styles/Popover.css";
import "@mantine/core/styles/Menu.css";
import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/Modal.css";
import "@mantine/core/styles/ScrollArea.css";
import "./styles/tokens.css";
import "./styles/mantine.css";
import "./styles/base.css";
import "./styles/marks.css";
import "./styles/states.css";
import "./styles/frame.css";
import "./styles/list.css";
import "./styles/overlays.css";
import "./styles/print.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { signIn } from "./api/client";
import { App } from "./app";

/** A sign-in link carries the token after the #, where no log sees it. */
async function takeToken(): Promise<void> {
  const token = new URLSearchParams(window.location.hash.slice(1)).get("token");
  if (!token) return;
  history.replaceState(null, "", window.location.pathname + window.location.search);
  await signIn(token).catch(() => false);
}

const root = document.getElementById("root");
if (root) {
  void takeToken().then(() =>
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  );
}
