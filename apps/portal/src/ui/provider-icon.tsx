import { useState } from "react";

/** The provider's icon as the server has it; an empty tile where it has none. */
export function ProviderIcon({ type }: { type: string }) {
  const [isMissing, setMissing] = useState(false);
  return (
    <span className="tile">
      {!isMissing && (
        <img
          src={`/integrations/${encodeURIComponent(type)}.svg`}
          alt=""
          width="32"
          height="32"
          onError={() => setMissing(true)}
        />
      )}
    </span>
  );
}
