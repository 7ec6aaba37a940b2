"""Great Expectations run on a database connection that is already open."""

from __future__ import annotations

from typing import Any

from great_expectations import get_context
from great_expectations.core import RunIdentifier
from great_expectations.core.batch import Batch, IDDict, LegacyBatchDefinition
from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
from great_expectations.data_context import EphemeralDataContext
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.execution_engine.sqlalchemy_batch_data import SqlAlchemyBatchData
from great_expectations.validator.validator import Validator
from sqlalchemy import Engine

from pipeline.issue.gate.gate_words import GateWords
from pipeline.issue.gate.task import GateTask
from schemas.ledger_suite import ITEMS, suite

FORMAT: Any = {"result_format": "COMPLETE", "unexpected_index_column_names": ["district", "indicator", "value"]}


def validate(engine: Engine, task: GateTask) -> ExpectationSuiteValidationResult:
    """The suite's result on ``gate_values``. A datasource would open a connection of its own, without the temporary tables."""
    execution = SqlAlchemyExecutionEngine(engine=engine, create_temp_table=False)
    data: Any = SqlAlchemyBatchData(execution_engine=execution, table_name="gate_values", create_temp_table=False)
    period = task.period.isoformat()
    definition = LegacyBatchDefinition("ledger", "ledger", "gate_values", IDDict(period=period))
    validator = Validator(execution, batches=[Batch(data=data, batch_definition=definition)], data_context=_context())
    words = GateWords(task)
    names = {item.name: words.text(f"items.{item.name}.name") for item in ITEMS}
    run = RunIdentifier(run_name=period, run_time=task.at)
    expectations = suite(task.programme, names)
    found = validator.validate(expectation_suite=expectations, result_format=FORMAT, run_id=run, catch_exceptions=True)
    assert isinstance(found, ExpectationSuiteValidationResult)
    return found


def _context() -> EphemeralDataContext:
    """A context that lives in memory, reports to nobody and draws no progress bars."""
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        data_docs_sites={},
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    return get_context(project_config=config, mode="ephemeral")
