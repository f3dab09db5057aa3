"""What every shape of JSON that the server sends has in common."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """Frozen, and made from keyword arguments only."""

    model_config = ConfigDict(frozen=True)
