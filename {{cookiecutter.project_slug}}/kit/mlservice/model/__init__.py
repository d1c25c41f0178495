"""The model as an artifact: export, storage, loading and scoring."""
