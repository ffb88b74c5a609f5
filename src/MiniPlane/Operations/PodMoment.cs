namespace MiniPlane.Operations;

/// <summary>Something that happened to a pod.</summary>
/// <param name="Time">When.</param>
/// <param name="Source">Who says so: pod, event, job, container, file.</param>
/// <param name="What">In words.</param>
/// <param name="IsTrouble">It is a warning.</param>
internal sealed record PodMoment(DateTimeOffset Time, string Source, string What, bool IsTrouble = false);
