// The worker of picking.ts: it holds the room's splats and says where rays meet them.
import { bytesOf } from "../pixels";
import type { Asked, Found } from "./picking";
import { Surface } from "./surface";

const surface = new Surface();

async function answer(asked: Asked): Promise<Found> {
  if (asked.what === "rays") return surface.place(asked.rays);
  const { meta, pictures } = asked;
  const names = [meta.means, meta.scales, meta.quats, meta.sh0].flatMap((part) => part.files);
  const [lower, upper, scales, quats, sh0] =
    await Promise.all(names.map((name) => bytesOf(pictures.get(name)!)));
  surface.add(meta, { lower: lower!, upper: upper!, scales: scales!, quats: quats!, sh0: sh0! });
  return null;
}

interface Scope {
  onmessage: (message: MessageEvent<{ number: number; asked: Asked }>) => void;
  postMessage(answer: { number: number; found?: Found; error?: string }): void;
}

const scope = self as unknown as Scope;
scope.onmessage = ({ data: { number, asked } }) => {
  void answer(asked).then(
    (found) => scope.postMessage({ number, found }),
    (error: unknown) => scope.postMessage({ number, error: String(error) }),
  );
};
