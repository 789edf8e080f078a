"""Raw configuration becomes core types, or one clear error that names every fault."""
