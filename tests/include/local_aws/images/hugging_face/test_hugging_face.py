"""A tiny model with random weights is trained and served in the images of Hugging Face."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from tests.frameworks import only_with
from tests.include.local_aws.images.framework_models import DEEP, TIMEOUT, FrameworkModels
from tests.include.local_aws.models import Platform

Unique = Callable[[str], str]
pytestmark = [only_with("huggingface"), pytest.mark.timeout(2 * TIMEOUT)]
TRAINING = (
    f"{DEEP}/huggingface-pytorch-training:2.9.0-transformers5.3.0-gpu-py312-cu130-ubuntu22.04"
)
INFERENCE = f"{DEEP}/huggingface-pytorch-inference:2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04"
SCRIPT = """
import argparse, os
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast
from transformers import Trainer, TrainingArguments, set_seed

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
parser.add_argument("--model_dir", default=os.environ["SM_MODEL_DIR"])
given = parser.parse_args()
set_seed(0)
words = "[PAD] [UNK] a film good bad".split()
known = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
known.pre_tokenizer = pre_tokenizers.Whitespace()
tokenizer = PreTrainedTokenizerFast(
    tokenizer_object=known, pad_token="[PAD]", unk_token="[UNK]", model_max_length=8
)
config = BertConfig(
    vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
    intermediate_size=16, max_position_embeddings=16, id2label={0: "NEGATIVE", 1: "POSITIVE"},
    label2id={"NEGATIVE": 0, "POSITIVE": 1},
)
rows = [("a good film", 1), ("a bad film", 0)] * 8
data = [{**tokenizer(text), "labels": label} for text, label in rows]
arguments = TrainingArguments(
    "/tmp/checkpoints", num_train_epochs=given.epochs, learning_rate=0.02, report_to="none",
    per_device_train_batch_size=16, save_strategy="no", disable_tqdm=True, use_cpu=True,
)
trainer = Trainer(BertForSequenceClassification(config), arguments, train_dataset=data)
trainer.train()
trainer.save_model(given.model_dir)
tokenizer.save_pretrained(given.model_dir)
print("transformers", transformers.__version__, flush=True)
"""


def test_a_model_is_trained_and_answers_as_a_pipeline(platform: Platform, unique: Unique) -> None:
    """The default handlers infer the task from the model's configuration."""
    models = FrameworkModels(platform)
    name = unique("hugging-face")
    model = models.trained(name, TRAINING, SCRIPT, epochs="40")
    lines = models.lines(name)
    assert any(line.startswith("transformers 5.") for line in lines)
    assert any("runs on CPUs, with PyTorch's build for them" in line for line in lines)
    endpoint = models.served(name, INFERENCE, model)
    good, bad = models.answer(endpoint, {"inputs": ["a good film", "a bad film"]})
    assert [good["label"], bad["label"]] == ["POSITIVE", "NEGATIVE"]
    assert min(good["score"], bad["score"]) > 0.6
    both = models.answer(endpoint, {"inputs": "a good film", "parameters": {"top_k": 2}})
    assert [row["label"] for row in both] == ["POSITIVE", "NEGATIVE"]
    with pytest.raises(ClientError, match="client error \\(400\\)"):
        models.answer(endpoint, {"inputs": "a good film", "parameters": {"padding": "no-such"}})
