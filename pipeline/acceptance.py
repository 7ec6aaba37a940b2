"""stub"""

from pipeline.model import Acceptance


def accepted(ledger: object, workers: object, workspace: object, view: object) -> Acceptance:
    return Acceptance(())
