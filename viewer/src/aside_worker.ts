// The worker of aside.ts: what takes longer than a page may stand still.
import type { Answer, Asked } from "./aside";
import { centresFrom } from "./centres";
import { parseCollision } from "./collision";
import { groundMapOf } from "./ground_map";
import { bytesOf } from "./pixels";

async function answer(asked: Asked): Promise<{ value: unknown; given: Transferable[] }> {
  switch (asked.what) {
    case "ground": {
      const map = groundMapOf(parseCollision(asked.mesh), asked.doorway);
      return { value: map, given: map ? [map.floor.buffer, map.clear.buffer, map.reached.buffer] : [] };
    }
    case "centres": {
      const [lower, upper] = await Promise.all([bytesOf(asked.lower), bytesOf(asked.upper)]);
      const centres = centresFrom(asked, lower, upper);
      return { value: centres, given: [centres.buffer] };
    }
  }
}

interface Scope {
  onmessage: (message: MessageEvent<{ number: number; asked: Asked }>) => void;
  postMessage(answer: Answer, given?: Transferable[]): void;
}

const scope = self as unknown as Scope;
scope.onmessage = ({ data: { number, asked } }) => {
  void answer(asked).then(
    ({ value, given }) => scope.postMessage({ number, value }, given),
    (error: unknown) =>
      scope.postMessage({ number, error: error instanceof Error ? error.message : String(error) }),
  );
};
