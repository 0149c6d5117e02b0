"""Train a small convolutional network for digits with PyTorch, on one or several instances.

Channel `training` holds train_data.npy, train_labels.npy, eval_data.npy and eval_labels.npy. Every
epoch prints `train:loss=0.52130;`, `test:loss=0.18870;` and `test:accuracy=0.94300;`, which metric
definitions read. The model is TorchScript that takes pixels from 0 to 1 and answers with the log
of each digit's chance; the PyTorch image serves it without further code.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

SIDE, DIGITS = 28, 10
FLATTENED = 20 * 4 * 4  # what two convolutions of 5 by 5 and two poolings leave of an image
OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}


class Normalize(nn.Module):
    """Normalization as part of the model, so that callers need no training statistics."""

    def __init__(self, mean: float, std: float) -> None:
        super().__init__()
        self.mean, self.std = mean, std

    def forward(self, pixels: Tensor) -> Tensor:
        return (pixels.reshape(-1, 1, 28, 28) - self.mean) / self.std


def network(given: argparse.Namespace) -> nn.Module:
    return nn.Sequential(
        Normalize(given.normalization_mean, given.normalization_std),
        nn.Conv2d(1, given.hidden_channels, kernel_size=5),
        nn.MaxPool2d(2),
        nn.ReLU(),
        nn.Conv2d(given.hidden_channels, 20, kernel_size=5),
        nn.Dropout2d(given.dropout),
        nn.MaxPool2d(2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(FLATTENED, 50),
        nn.ReLU(),
        nn.Dropout(given.dropout),
        nn.Linear(50, DIGITS),
        nn.LogSoftmax(dim=1),
    )


def images(part: str) -> TensorDataset:
    """Return pixels from 0 to 1 and labels, from either copy of MNIST in the channel."""
    folder = Path(os.environ["SM_CHANNEL_TRAINING"])
    pixels, labels = np.load(folder / f"{part}_data.npy"), np.load(folder / f"{part}_labels.npy")
    scale = 255 if pixels.dtype == np.uint8 else 1
    shown = torch.as_tensor(pixels, dtype=torch.float32).reshape(-1, SIDE, SIDE) / scale
    return TensorDataset(shown, torch.as_tensor(labels.astype("int64")).flatten())


def join(backend: str) -> tuple[int, int]:
    """Join the other instances; return the rank of this instance and the number of instances."""
    hosts = json.loads(os.environ["SM_HOSTS"])
    rank = hosts.index(os.environ["SM_CURRENT_HOST"])
    if len(hosts) > 1:
        os.environ.setdefault("MASTER_ADDR", hosts[0])
        os.environ.setdefault("MASTER_PORT", "7777")
        dist.init_process_group(backend, rank=rank, world_size=len(hosts))
    return rank, len(hosts)


def learn(
    model: nn.Module, batches: DataLoader[tuple[Tensor, ...]], optimizer: torch.optim.Optimizer
) -> float:
    """Train one epoch; return the mean loss of its batches."""
    model.train()
    device, losses = next(model.parameters()).device, []
    for pixels, labels in batches:
        optimizer.zero_grad()
        loss = functional.nll_loss(model(pixels.to(device)), labels.to(device))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return float(np.mean(losses))


def evaluate(model: nn.Module, data: TensorDataset) -> tuple[float, float]:
    """Return the loss and the accuracy."""
    model.eval()
    device, loss, right = next(model.parameters()).device, 0.0, 0
    with torch.no_grad():
        for pixels, labels in DataLoader(data, batch_size=1000):
            answers, truth = model(pixels.to(device)), labels.to(device)
            loss += functional.nll_loss(answers, truth, reduction="sum").item()
            right += int((answers.argmax(dim=1) == truth).sum())
    return loss / len(data), right / len(data)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hidden_channels", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch_size", type=int, default=64)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--optimizer", choices=sorted(OPTIMIZERS), default="adam")
    parser.add_argument("--learning_rate", type=float, default=0.002)
    parser.add_argument("--backend", choices=["gloo", "nccl"], default="gloo")
    parser.add_argument("--normalization_mean", type=float, default=0.1307)
    parser.add_argument("--normalization_std", type=float, default=0.3081)
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def main() -> None:
    given = arguments()
    torch.manual_seed(given.seed)
    rank, instances = join(given.backend)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = network(given).to(device)
    trained = nn.parallel.DistributedDataParallel(model) if instances > 1 else model
    data, held = images("train"), images("eval")
    share = DistributedSampler(data, instances, rank, seed=given.seed)
    batches = DataLoader(data, batch_size=given.batch_size, sampler=share)
    optimizer = OPTIMIZERS[given.optimizer](model.parameters(), lr=given.learning_rate)
    print(f"rank {rank} of {instances} trains on {len(share)} images", flush=True)
    for epoch in range(1, given.epochs + 1):
        share.set_epoch(epoch)
        loss = learn(trained, batches, optimizer)
        if rank == 0:  # metrics are scraped from all instances: one reports
            report = (loss, *evaluate(model, held))
            print("train:loss={:.5f}; test:loss={:.5f}; test:accuracy={:.5f};".format(*report))
    if rank == 0:
        script = torch.jit.script(model.cpu().eval())
        script.save(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"))
    if instances > 1:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
