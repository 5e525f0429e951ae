"""Writes gradients.json: Captum's gradient methods on a small random network, for the logit and the probability.

Run with Captum's source on the path, from the repository's root:
    PYTHONPATH=CAPTUM_SOURCE python3 Tests/Xai/Goldens/make_gradients.py
Written with torch 1.13.1, Captum 0.8.0 (commit faac0877; needs python3-tqdm), seed 11. All sizes differ pairwise.
"""
import json
import captum
import torch
from captum.attr import InputXGradient, IntegratedGradients, LayerGradCam, Saliency

torch.manual_seed(11)
C, H, W, K, CLASSES = 2, 7, 9, 4, 3


class Network(torch.nn.Module):
    def __init__(self, probability):
        super().__init__()
        self.conv, self.relu, self.fc, self.probability = conv, torch.nn.ReLU(), fc, probability

    def forward(self, x):
        z = self.fc(self.relu(self.conv(x)).flatten(1))
        return torch.softmax(z, 1) if self.probability else z


conv = torch.nn.Conv2d(C, K, 3).double()
fc = torch.nn.Linear(K * (H - 2) * (W - 2), CLASSES).double()
with torch.no_grad():
    fc.weight *= 4                      # kinks on the path, and probabilities that change


def flat(t):
    return t.detach().flatten().tolist()


def case(target, probability, baseline):
    f = Network(probability)
    image = torch.rand(1, C, H, W, dtype=torch.double)
    base = torch.full_like(image, baseline)
    ig = IntegratedGradients(f)
    with torch.no_grad():
        change = (f(image) - f(base))[0, target].item()
    return dict(
        target=target, score="probability" if probability else "logit", baseline=baseline, image=flat(image), change=change,
        saliency=flat(Saliency(f).attribute(image, target, abs=False)),
        inputXGradient=flat(InputXGradient(f).attribute(image, target)),
        gaussLegendre7=flat(ig.attribute(image, base, target, n_steps=7)),
        midpoint5=flat(ig.attribute(image, base, target, n_steps=5, method="riemann_middle")),
        gradCamRelu=flat(LayerGradCam(f, f.relu).attribute(image, target, relu_attributions=True)),
        gradCamConv=flat(LayerGradCam(f, f.conv).attribute(image, target)),
    )


cases = [case(0, False, 0.0), case(2, False, 0.25), case(1, True, -0.5)]
state = {f"{n}.{k}": flat(v) for n, m in (("conv", conv), ("fc", fc)) for k, v in m.state_dict().items()}
with open("Tests/Xai/Goldens/gradients.json", "w") as f:
    json.dump(dict(torch=torch.__version__, captum=captum.__version__, sizes=[C, H, W, K, CLASSES], state=state, cases=cases), f)
