# One entry per job; `make help` lists them. Everything local lives under .local/ and .venv/.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := .local/tools/bin/uv
VENV := .venv/bin
BEGAN := $(shell date +%s)

export PYTHONPATH := $(CURDIR):$(CURDIR)/plugins
unexport PYTHONDONTWRITEBYTECODE VIRTUAL_ENV

.PHONY: digits serving sdk-v2 help setup demo up down status shell notebook test matrix mwaa-test mwaa wheels frameworks fuzz distributed lint format docs screenshots coverage infra policies lock clean bench chaos images

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / - /'

setup: .venv/.ready  ## create the locked environment in .venv

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed: install it, or run 'make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)'"; exit 1; }
	$(PYTHON) -m venv .local/tools
	.local/tools/bin/pip install --quiet uv==0.13.9

# Bytecode is compiled once here: left to the first start, every Airflow process would pay for it. A
# third of the files is imported by no Airflow process.
NOT_COMPILED := /(tests|sympy|mpmath|networkx|mlflow|databricks|debugpy|fontTools|matplotlib)/

.venv/.ready: requirements.lock | $(UV)
	$(UV) venv --quiet --clear --python $(PYTHON) .venv
	$(UV) pip sync --quiet --python .venv/bin/python requirements.lock
	-@$(VENV)/python -m compileall -q -j 0 -x '$(NOT_COMPILED)' .venv/lib >/dev/null
	@touch $@

demo: setup  ## run the whole loop through a real scheduler, no AWS account, no Docker
	@PRODML_DEMO_BEGAN=$(BEGAN) $(VENV)/python -m include.demo run

up: setup  ## only start PostgreSQL, the embedded AWS and Airflow
	@$(VENV)/python -m include.demo up

down:  ## stop what demo or up started
	@if [ -x $(VENV)/python ]; then $(VENV)/python -m include.demo down; fi

status: setup  ## show every service that demo or up started: state, pid, restarts, address
	@$(VENV)/python -m include.demo status

shell: setup  ## a shell in which airflow, aws, python and pytest work against the running services
	@$(VENV)/python -m include.demo shell

notebook: up  ## open the notebook in examples/ in JupyterLab, against the running services
	@$(VENV)/python -m include.demo notebook

images: setup  ## build the environments of images now instead of with the first job
	@$(VENV)/python -m include.local_aws.prebuild

test: setup  ## run the whole test suite; TESTS=path for a part
	$(VENV)/python -m pytest --workers=4 $(TESTS)

frameworks: setup  ## the tests that train and serve with PyTorch, TensorFlow, Hugging Face and every version; builds 9 GB once
	PRODML_TEST_FRAMEWORKS=torch,tensorflow,huggingface,versions $(VENV)/python -m pytest tests/include/local_aws/images/test_versions.py \
		tests/include/local_aws/images/hugging_face/test_hugging_face.py tests/include/local_aws/images/toolkit/test_newest_frameworks.py \
		tests/include/local_aws/images/toolkit/test_frameworks.py tests/plugins/prodml/debugger/test_frameworks.py \
		tests/include/local_aws/test_sdk_images.py tests/loop/test_mnist.py

sdk-v2: setup  ## version 2 of the SageMaker SDK, in an environment of its own: pipelines, and Estimator.attach
	PRODML_TEST_SDK_V2=1 $(VENV)/python -m pytest tests/include/local_aws/test_sdk_v2.py

matrix: setup  ## the unit suite on Python 3.11 to 3.13, Airflow 3.2 and 3.3 and Amazon MWAA, and the loop on the oldest and the newest
	$(VENV)/python -m tests.matrix unit
	$(VENV)/python -m tests.matrix loop

mwaa-test: setup  ## the unit suite on Amazon MWAA's newest packages, as CI runs it
	$(VENV)/python -m tests.matrix unit mwaa-3.3.1

mwaa: setup  ## write dags/, plugins.zip, requirements.txt and startup.sh for Amazon MWAA into .local/mwaa, or FOLDER
	$(VENV)/python -m include.mwaa $(FOLDER)

wheels: setup  ## build the wheels prodml and prodml-local-aws into .local/dist
	@rm -rf .local/dist
	@for folder in . include/local_aws; do $(UV) build --quiet --wheel --out-dir .local/dist $$folder || exit 1; done
	@ls .local/dist/*.whl

fuzz: setup  ## send valid and broken requests to the embedded AWS for FUZZ_SECONDS (300); a failing one is printed as a command
	FUZZ_SECONDS=$${FUZZ_SECONDS:-300} $(VENV)/python -m pytest --timeout 0 tests/fuzz

distributed: setup  ## the loop on the services of docker-compose.yaml, without Docker; wants Redis
	PRODML_TEST_DISTRIBUTED=1 $(VENV)/python -m pytest tests/loop/test_distributed.py

digits: setup  ## the loop of a pipeline whose data are images, which CI leaves out
	PRODML_TEST_DIGITS=1 $(VENV)/python -m pytest tests/loop/test_digits_loop.py

serving: setup  ## the loop of a pipeline as an inference component and serverless, which CI leaves out
	PRODML_TEST_SERVING=1 $(VENV)/python -m pytest tests/loop/test_serving_kinds.py

lint: setup  ## ruff, mypy --strict, and whether the generated page is current
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/mypy --python-version 3.10 include/jobs  # the scikit-learn image's
	$(VENV)/python -m include.local_aws.coverage --check

format: setup  ## let ruff rewrite what it can
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

docs: setup  ## build the documentation site into .local/site; a broken link fails it
	$(VENV)/python -m properdocs build --strict
	@echo "Open .local/site/index.html; its search needs a server: $(VENV)/python -m http.server --directory .local/site"

screenshots: setup  ## take the pictures of Studio's pages for docs/images; wants chromium
	PRODML_SCREENSHOTS=docs/images $(VENV)/python -m pytest tests/plugins/prodml/ui/test_*_in_browser.py \
		tests/plugins/prodml/ui/test_jobs_and_costs.py

policies: setup  ## run every DAG in the embedded AWS, record its calls, and derive the policies of infra/policies from them
	$(VENV)/python -m tests.loop.record .local/recorded
	$(VENV)/python -m infra.derive .local/recorded/*.json
	$(VENV)/python -m infra.build

infra: setup  ## write infra/prodml.yaml from infra/resources.yaml and infra/policies
	$(VENV)/python -m infra.build
	$(VENV)/cfn-lint infra/prodml.yaml

coverage: setup  ## write docs/reference/local-aws-coverage.md anew
	$(VENV)/python -m include.local_aws.coverage

lock: setup  ## compile requirements-dev.txt into requirements.lock, and the locks of the images and of other versions
	$(UV) pip compile --quiet --upgrade --python-version 3.11 --no-header --no-annotate requirements-dev.txt -o requirements.lock
	$(VENV)/python -m include.local_aws.containers.locks
	$(VENV)/python -m tests.matrix lock $$(cd tests/matrix/locks && basename --suffix .txt python-*)

bench: setup  ## run the benchmarks into bench/results
	@for script in bench/bench_*.py; do $(VENV)/python $$script || exit 1; done

chaos: setup  ## kill, throttle, roll back and backfill ours and the stock operators; CHAOS_CRASHES=n etc. for less, CHAOS_EXECUTOR=celery
	$(VENV)/python -m chaos

clean: down  ## remove everything that was made here
	rm -rf .local .venv
