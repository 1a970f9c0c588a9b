// A visit whose site lies in a folder below this page.
import type { Visit } from "../visit";

export function siteWithin(visit: Visit, folder: string): Visit {
  const { collision, plan, splats } = visit;
  return {
    ...visit,
    collision: collision === null ? null : folder + collision,
    plan: { url: folder + plan.url, data: folder + plan.data },
    splats: { ...splats, url: folder + splats.url, further: splats.further.map((url) => folder + url) },
  };
}
