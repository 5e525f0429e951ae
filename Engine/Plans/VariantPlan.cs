using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>Features of local variants of images: of every step only the rectangle is computed that a change can reach.</summary>
/// <remarks>
/// A change of a rectangle reaches a rectangle of each result; many variants are computed together, their rectangles made of one size.
/// What a step reads around a rectangle comes from the unchanged result. Where the rectangle covers most of a map, the whole map is computed from there on.
/// Exact: without Winograd's filtering (<see cref="PlanOptions.Fastest"/>) the bits are those of whole passes. Unless its reach is bounded, as in
/// Nakandala, Kumar and Papakonstantinou, "Incremental and Approximate Inference for Faster Occlusion-based Deep CNN Explanations" (Krypton), 2019, section 4.1.
/// </remarks>
public sealed class VariantPlan
{
    readonly IncrementalPlan _around;
    readonly ILocalVariants _variants;
    readonly int[] _members;

    // Of the steps that change: the rectangles of all members, null where the whole map changes.
    readonly Dictionary<Node, Rectangles?> _changed;

    internal VariantPlan(IncrementalPlan around, ILocalVariants variants, int[] members, Dictionary<Node, Rectangles?> changed) => (_around, _variants, _members, _changed) = (around, variants, members, changed);

    /// <summary>Which of the variants it computes, of every image.</summary>
    public IReadOnlyList<int> Members => _members;

    /// <summary>Members of all images: those of the first, those of the second, ….</summary>
    public int Count => _around.Images * _members.Length;

    /// <summary>The share of the multiplications of whole passes that is left.</summary>
    public double ShareOfFlops => Nodes.Sum(n => !_changed.TryGetValue(n, out var r) ? 0 : r is null ? n.Flops : n.Flops * r.H * r.W / ((double)n.H * n.W)) / Nodes.Sum(n => n.Flops);

    /// <summary>Features [count, K, h, w] of the variants first … first + count − 1 of <see cref="Count"/>. Their bits do not depend on which are computed together.</summary>
    public Tensor Features(int first, int count)
    {
        using var pass = new Pass(this, first, count);
        return pass.Run();
    }

    IReadOnlyList<Node> Nodes => _around.Graph.Nodes;

    /// <summary>Where a step's result differs from the clean one, and by what.</summary>
    sealed class Change(Rectangles? rectangles, DeviceBuffer<float> buffer, BlockedMaps maps, int readers)
    {
        /// <summary>null where the whole map is another.</summary>
        public Rectangles? Rectangles => rectangles;
        public DeviceBuffer<float> Buffer => buffer;
        public BlockedMaps Maps => maps;
        public int Readers { get; set; } = readers;
    }

    /// <summary>Some of the variants.</summary>
    sealed class Pass(VariantPlan plan, int first, int count) : IDisposable
    {
        readonly Dictionary<Node, Change> _changes = [];
        readonly List<DeviceBuffer<float>> _gathered = [];

        public Tensor Run()
        {
            var graph = plan._around.Graph;
            var readers = graph.Readers();
            foreach (var node in graph.Nodes)
            {
                if (plan._changed.TryGetValue(node, out var all))
                {
                    var here = all?.Part(first, count);
                    int h = here?.H ?? node.H, w = here?.W ?? node.W;
                    var buffer = plan._around.Device.Allocate<float>(BlockedMaps.Floats(count, node.C, h, w));
                    Compute(node, _changes[node] = new(here, buffer, new(buffer.View, count, node.C, h, w), readers[node]));
                }
                foreach (var input in node.Inputs) Done(input);
            }
            return plan._around.Unblocked(Read(graph.Result, null, Stencil.Point));
        }

        void Compute(Node node, Change change)
        {
            if (node is ImageReader reader)
            {
                var (at, h, w) = change.Rectangles?.Read(node.Stencil) ?? (new Pixel[count], plan._around.Graph.Image.H, plan._around.Graph.Image.W);
                using var images = Images(at, h, w);
                reader.Read(plan._around.Kernels, images.View, h, w, change.Maps, padded: change.Rectangles is not null);
                return;
            }
            var inputs = new PatchedMaps[node.Inputs.Count];
            for (int i = 0; i < inputs.Length; i++)
            {
                inputs[i] = Read(node.Inputs[i], change.Rectangles, i == 0 ? node.Stencil : Stencil.Point);
                if (inputs[i].Parts is not null && !node.ReadsParts(i)) inputs[i] = Gathered(inputs[i], i == 0 ? node.Outside : 0, i == node.Overwrites ? change.Maps : null);
            }
            node.Run(plan._around.Kernels, inputs, change.Maps, new(Padded: change.Rectangles is not null, Many: true));
            Free(_gathered);
        }

        DeviceBuffer<float> Images(Pixel[] at, int h, int w)
        {
            int floats = plan._around.Graph.Image.C * h * w;
            var images = plan._around.Device.Allocate<float>((long)count * floats);
            for (int i = 0; i < count; i++)
            {
                int member = i;
                var (image, variant) = Math.DivRem(first + i, plan._members.Length);
                plan._around.Device.Write(images.View.SubView((long)i * floats, floats), to => plan._variants.Paint(image, plan._members[variant], at[member], h, w, to));
            }
            return images;
        }

        /// <summary>What a step reads of an input to compute rectangles of its result, or the whole: the change itself where it is just that.</summary>
        PatchedMaps Read(Node input, Rectangles? rectangles, Stencil stencil)
        {
            var change = _changes.GetValueOrDefault(input);
            if (change is not null && (change.Rectangles is null || stencil.IsPoint && rectangles is not null && change.Rectangles.Same(rectangles))) return change.Maps;
            var (at, h, w) = rectangles?.Read(stencil) ?? (new Pixel[count], input.H, input.W);
            var parts = new MapPart[count];
            for (int i = 0; i < count; i++) parts[i] = new((first + i) / plan._members.Length, at[i], change?.Rectangles!.At[i] ?? default);
            return new(plan._around[input], change?.Maps ?? default, parts, h, w);
        }

        BlockedMaps Gathered(PatchedMaps parts, float outside, BlockedMaps? place = null)
        {
            if (place is null) _gathered.Add(plan._around.Device.Allocate<float>(BlockedMaps.Floats(count, parts.C, parts.H, parts.W)));
            var maps = place ?? new(_gathered[^1].View, count, parts.C, parts.H, parts.W);
            plan._around.Kernels.Gather(parts, outside, maps);
            return maps;
        }

        static void Free(List<DeviceBuffer<float>> buffers)
        {
            buffers.ForEach(b => b.Dispose());
            buffers.Clear();
        }

        void Done(Node input)
        {
            if (_changes.TryGetValue(input, out var change) && --change.Readers == 0) change.Buffer.Dispose();
        }

        public void Dispose()
        {
            Free(_gathered);
            foreach (var change in _changes.Values) change.Buffer.Dispose();
        }
    }
}
