"""Run by datacontract-cli's own Python: lints contracts, and tests those that name a server. Prints JSON lines.

uvx --from 'datacontract-cli[duckdb]==1.2.8' python tests/against/datacontract_reader.py FILE...
"""

import json
import sys

import yaml
from datacontract.data_contract import DataContract
from jsonschema import Draft201909Validator

NOT_YET = "Checking types in parquet files is not supported yet."


def main() -> None:
    judge_schemas_once()
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            has_server = bool(yaml.safe_load(file).get("servers"))
        contract = DataContract(data_contract_file=path)
        run = contract.test() if has_server else contract.lint()
        bad = [
            f"{check.name}: {check.reason}"
            for check in run.checks
            if check.result not in ("passed", "info") and check.reason != NOT_YET
        ]
        sys.stdout.write(json.dumps({"path": path, "checks": len(run.checks), "bad": bad}) + "\n")


def judge_schemas_once() -> None:
    """Whether the standard's own schema is one is asked once and not for each contract: four fifths of all the work."""
    check, found = Draft201909Validator.check_schema, set()

    def checked(schema: dict, **said: object) -> None:
        text = json.dumps(schema, sort_keys=True)
        if text not in found:
            check(schema, **said)
            found.add(text)

    Draft201909Validator.check_schema = checked


if __name__ == "__main__":
    main()
