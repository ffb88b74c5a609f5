namespace MiniPlane.Workloads.Translation;

/// <summary>An annotation with one meaning: the flag that it sets and the form that its value must have.</summary>
internal sealed record TypedAnnotation(string Name, string Flag, AnnotationForm Form);
