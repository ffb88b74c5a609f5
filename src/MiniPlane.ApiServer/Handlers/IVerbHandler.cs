namespace MiniPlane.ApiServer.Handlers;

/// <summary>Answers one verb for every kind.</summary>
internal interface IVerbHandler : IRequestHandler
{
    /// <summary><c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, <c>update</c>, <c>patch</c>, <c>delete</c>, <c>deletecollection</c>.</summary>
    string Verb { get; }
}
