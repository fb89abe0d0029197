import { accountId } from "../../format/text";
import { type Band, type Box, type CardBox, type ChipBox, type GateBox, overlap } from "./boxes";

const PAD = { side: 20, top: 34, bottom: 18 };

/** One band per account; of two that overlap the one with fewer cards gives way. */
export function makeBands(
  cards: readonly CardBox[],
  gates: readonly GateBox[],
  chips: readonly ChipBox[],
): Band[] {
  const byAccount = new Map<string, CardBox[]>();
  for (const card of cards) {
    const account = card.node.account;
    if (account) byAccount.set(account, [...(byAccount.get(account) ?? []), card]);
  }
  let bands = [...byAccount].map(([account, members]) => {
    const inside: Box[] = [...members];
    for (const gate of gates) if (gate.step.conclusion.node.account === account) inside.push(gate);
    // A step that stays inside the account keeps its chip inside the band.
    for (const chip of chips) {
      const { premises, conclusion } = chip.step;
      if (conclusion.node.account === account && premises.some((p) => p.node.account === account))
        inside.push(chip);
    }
    return {
      band: bandAround(account, members[0]?.node.accountName ?? null, inside),
      size: members.length,
      members,
    };
  });
  for (let again = true; again; ) {
    again = false;
    for (const one of bands) {
      const clash = bands.find((other) => other !== one && overlap(one.band, other.band));
      const foreign = cards.some((card) => card.node.account !== one.band.account && overlap(one.band, card));
      if (!clash && !foreign) continue;
      const loser = clash && clash.size < one.size ? clash : one;
      bands = bands.filter((other) => other !== loser);
      again = true;
      break;
    }
  }
  const kept = bands.map(({ band }) => band);
  for (const band of kept)
    widen(band, [...cards.filter((card) => card.node.account !== band.account), ...kept]);
  return kept;
}

/** Makes room for the whole name where nothing else stands; a chip may then sit on the border. */
function widen(band: Band, others: readonly Box[]): void {
  const wanted = (band.name.length + band.id.length + 2) * 7.2 + 26;
  const missing = wanted - band.width;
  if (missing <= 0) return;
  const wider = { ...band, x: band.x - missing / 2, width: wanted };
  const clear = others.every((other) => other === band || !overlap(wider, other));
  if (clear) Object.assign(band, wider);
}

function bandAround(account: string, name: string | null, boxes: readonly Box[]): Band {
  const left = Math.min(...boxes.map((box) => box.x)) - PAD.side;
  const top = Math.min(...boxes.map((box) => box.y)) - PAD.top;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + PAD.side;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + PAD.bottom;
  return {
    account,
    name: name ?? "",
    id: accountId(account),
    x: left,
    y: top,
    width: right - left,
    height: bottom - top,
  };
}
