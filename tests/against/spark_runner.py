"""Runs queries in Spark, in an environment of its own: `python spark_runner.py FOLDER`.

The folder holds tables as Parquet and `queries.json` ({name: text}, each asking `:as_of`); answers go to `answers/`.
"""

import json
import sys
import warnings
from datetime import datetime
from pathlib import Path

warnings.simplefilter("ignore")  # those of pyspark about newer pandas are not ours

from pyspark.sql import SparkSession  # noqa: E402

folder = Path(sys.argv[1])
asked = json.loads((folder / "queries.json").read_text(encoding="utf-8"))
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.sql.timestampType", "TIMESTAMP_NTZ")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.sql.parquet.inferTimestampNTZ.enabled", "true")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.codegen.wholeStage", "false")  # to compile a query takes longer than to run it on so few rows
    .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
    .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")  # nor is it worth tuning
    .getOrCreate()
)
for path in sorted(folder.glob("*.parquet")):
    spark.read.parquet(str(path)).createOrReplaceTempView(path.stem)
(folder / "answers").mkdir()
for name, text in asked["queries"].items():
    answer = spark.sql(text, args={"as_of": datetime.fromisoformat(asked["as_of"])})
    rows = [[str(cell) if cell is not None else None for cell in row] for row in answer.collect()]
    (folder / "answers" / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
spark.stop()
