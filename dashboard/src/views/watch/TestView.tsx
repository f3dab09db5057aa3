/** The view of a test that fits its protocol. */

import { ChairView } from "./ChairView";
import { StanceView } from "./StanceView";
import { TugView } from "./TugView";
import { WalkView } from "./WalkView";
import { ShortWalkView } from "./ShortWalkView";
import type { Look } from "../../watch/look";

export function TestView({ look }: { look: Look }) {
  switch (look.run.protocol) {
    case "tug":
      return <TugView look={look} />;
    case "6mwt":
    case "2mwt":
      return <WalkView look={look} />;
    case "10mwt":
    case "t25fw":
      return <ShortWalkView look={look} />;
    case "stance":
      return <StanceView look={look} />;
    default:
      return <ChairView look={look} />;
  }
}
