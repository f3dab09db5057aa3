"""How long `surefoot demo` takes from its start to the first step on a page."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

START_TIMEOUT_S = 180.0


async def demo_start(cache: Path) -> dict[str, float]:
    """Seconds from starting `surefoot demo` to the page's address, the first waveform and the first step on a page."""
    from websockets.asyncio.client import connect

    began_s = time.perf_counter()
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.cli", "demo", "--no-browser", "--port", "0",
        stderr=subprocess.PIPE, env=environment,
    )  # fmt: skip
    marks: dict[str, float] = {}

    def mark(name: str) -> None:
        marks.setdefault(name, time.perf_counter() - began_s)

    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            assert process.stderr is not None
            while not (line := (await process.stderr.readline()).decode()).startswith("Surefoot is at"):
                if not line:
                    raise RuntimeError("the demo ended before it was ready")
            mark("page_s")
            address = line.split()[3].replace("http", "ws") + "api/live?after=0"
            async with connect(address, compression=None, max_queue=None) as socket:
                async for said in socket:
                    if isinstance(said, bytes):
                        mark("first_waveform_s")
                    elif '"kind":"step"' in said:
                        mark("first_step_s")
                        break
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
    return marks
